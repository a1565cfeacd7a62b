import { foldKey } from '@roster/proto/fold';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { epochMs } from '@roster/proto/order';
import type { Connection } from '../database/database.ts';
import type { Filter } from './filter.ts';
import { filterToSql } from './filter-sql.ts';

const columns = `id uuid, name text, email text, role smallint, state smallint, address_street text, address_city text, address_state text,
  address_country text, address_postal_code text, tags text[], metadata jsonb, created_at timestamptz, updated_at timestamptz,
  deleted_at timestamptz, revision bigint, name_key text, email_key text, email_unique text, search_key text`;

/** Makes these the only users of the store, without history. Two may share an email. */
export async function replaceAllUsers(connection: Connection, users: readonly User[]): Promise<void> {
  await connection.query('delete from users');
  await connection.query(
    `insert into users (${columns.replaceAll(/ \w+(\[\])?(?=,|$)/g, '')})
    select * from jsonb_to_recordset($1) as t (${columns})`,
    [JSON.stringify(users.map(rowOf))],
  );
}

function rowOf(user: User): object {
  const time = (at: User['createdAt']) => new Date(epochMs(at)).toISOString();
  const { address } = user;
  return {
    ...user,
    address_street: address?.street ?? '',
    address_city: address?.city ?? '',
    address_state: address?.state ?? '',
    address_country: address?.country ?? '',
    address_postal_code: address?.postalCode ?? '',
    created_at: time(user.createdAt),
    updated_at: time(user.updatedAt),
    deleted_at: user.deletedAt ? time(user.deletedAt) : null,
    name_key: foldKey(user.name),
    email_key: foldKey(user.email),
    email_unique: user.id,
    search_key: `${foldKey(user.name)}\n${foldKey(user.email)}\n${user.id}`,
  };
}

/** The value of the filter for every user, and whether a search by it, through indexes wherever one fits, finds the user. */
export async function judgeInSql(
  connection: Connection,
  filter: Filter,
): Promise<ReadonlyMap<string, { readonly value: boolean | null; readonly isFound: boolean }>> {
  const parameters: unknown[] = [];
  const sql = filterToSql(filter, parameters);
  const rows = await connection.query<{ id: string; value: boolean | null; is_found: boolean }>(
    `select u.id, ${sql} as value, u.id in (select u.id from users u where ${sql}) as is_found from users u`,
    parameters,
  );
  return new Map(rows.map(({ id, value, is_found }) => [id, { value, isFound: is_found }]));
}
