import { Address, User } from '@roster/proto/gen/userservice/v1/user';
import { Pool } from 'pg';

/** A row as `pg` reads it by default. */
export interface PageRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: number;
  readonly state: number;
  readonly address_street: string;
  readonly address_city: string;
  readonly address_state: string;
  readonly address_country: string;
  readonly address_postal_code: string;
  readonly tags: string[];
  readonly metadata: Record<string, string>;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly revision: string;
}

/** Reads pages as one would: the newest users, by key. */
export function createPageReader(databaseUrl: string): (size: number) => Promise<PageRow[]> {
  const pool = new Pool({ connectionString: databaseUrl, max: 4 });
  return async (size) => {
    const { rows } = await pool.query<PageRow>(
      `select id, name, email, role, state, address_street, address_city, address_state, address_country, address_postal_code, tags, metadata,
         created_at, updated_at, revision
       from users where deleted_at is null order by created_at desc, id desc limit $1`,
      [size],
    );
    return rows;
  };
}

export function userOf(row: PageRow): User {
  return User.create({
    id: row.id,
    name: row.name,
    email: row.email,
    role: row.role,
    state: row.state,
    address: Address.create(addressOf(row)),
    tags: row.tags,
    metadata: row.metadata,
    createdAt: timestampOf(row.created_at),
    updatedAt: timestampOf(row.updated_at),
    revision: Number(row.revision),
  });
}

export function jsonOf(row: PageRow): object {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    role: row.role,
    state: row.state,
    address: addressOf(row),
    tags: row.tags,
    metadata: row.metadata,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    revision: Number(row.revision),
  };
}

function addressOf(row: PageRow) {
  return {
    street: row.address_street,
    city: row.address_city,
    state: row.address_state,
    country: row.address_country,
    postalCode: row.address_postal_code,
  };
}

function timestampOf(at: Date): { seconds: string; nanos: number } {
  const seconds = Math.floor(at.getTime() / 1000);
  return { seconds: String(seconds), nanos: (at.getTime() - seconds * 1000) * 1_000_000 };
}
