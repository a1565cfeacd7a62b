import { emailKey, foldKey } from '@roster/proto/fold';
import type { Timestamp } from '@roster/proto/gen/google/protobuf/timestamp';
import { Address, User } from '@roster/proto/gen/userservice/v1/user';
import { epochMs } from '@roster/proto/order';

/** The columns of `users u` that make up a User, as `userFromRow` reads them. */
export const userColumns = `u.id, u.name, u.email, u.role, u.state, u.address_street, u.address_city, u.address_state, u.address_country,
  u.address_postal_code, u.tags, u.metadata, u.created_at, u.updated_at, u.deleted_at, u.revision`;

/** Of the bytes that a row keeps of itself. To be raised when a user of the same columns is to be encoded otherwise, as after a new field with a column. */
export const encodedVersion = 1;

export interface UserRow {
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
  /** Epoch milliseconds, as are all times of a row. */
  readonly created_at: number;
  readonly updated_at: number;
  readonly deleted_at: number | null;
  readonly revision: number;
}

export function userFromRow(row: UserRow): User {
  const address = {
    street: row.address_street,
    city: row.address_city,
    state: row.address_state,
    country: row.address_country,
    postalCode: row.address_postal_code,
  };
  const user = User.create({
    id: row.id,
    name: row.name,
    email: row.email,
    role: row.role,
    state: row.state,
    tags: row.tags,
    metadata: row.metadata,
    createdAt: timestampOf(row.created_at),
    updatedAt: timestampOf(row.updated_at),
    revision: row.revision,
  });
  if (Object.values(address).some((line) => line !== '')) user.address = Address.create(address);
  if (row.deleted_at !== null) user.deletedAt = timestampOf(row.deleted_at);
  return user;
}

/** The columns of a user and its sort and search keys, ready for `jsonb_to_recordset`. */
export function rowFromUser(user: User): object {
  const nameKey = foldKey(user.name);
  const sortedEmail = foldKey(user.email);
  return {
    id: user.id,
    name: user.name,
    email: user.email,
    role: user.role,
    state: user.state,
    address_street: user.address?.street ?? '',
    address_city: user.address?.city ?? '',
    address_state: user.address?.state ?? '',
    address_country: user.address?.country ?? '',
    address_postal_code: user.address?.postalCode ?? '',
    tags: user.tags,
    metadata: user.metadata,
    created_at: isoTime(user.createdAt),
    updated_at: isoTime(user.updatedAt),
    deleted_at: user.deletedAt ? isoTime(user.deletedAt) : null,
    revision: user.revision,
    name_key: nameKey,
    email_key: sortedEmail,
    email_unique: emailKey(user.email),
    search_key: `${nameKey}\n${sortedEmail}\n${user.id}`,
  };
}

/** The definition of those columns, in the same order. */
export const writtenColumns = `id uuid, name text, email text, role smallint, state smallint, address_street text, address_city text, address_state text,
  address_country text, address_postal_code text, tags text[], metadata jsonb, created_at timestamptz, updated_at timestamptz,
  deleted_at timestamptz, revision bigint, name_key text, email_key text, email_unique text, search_key text`;

export const writtenColumnNames: readonly string[] = writtenColumns
  .split(',')
  .map((column) => column.trim().split(' ')[0] ?? '');

export function timestampOf(ms: number): Timestamp {
  const seconds = Math.floor(ms / 1000);
  return { seconds: String(seconds), nanos: (ms - seconds * 1000) * 1_000_000 };
}

function isoTime(timestamp: Timestamp | undefined): string {
  return new Date(epochMs(timestamp)).toISOString();
}
