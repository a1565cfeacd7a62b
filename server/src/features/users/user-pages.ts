import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { Order, OrderField } from '@roster/proto/order';
import type { Connection } from '../../database/database.ts';
import type { ListQuery } from './list-query.ts';
import type { Place } from './page-token.ts';
import type { Spot } from './rank-index.ts';
import { type UserRow, userColumns, userFromRow } from './user-row.ts';

/** The column and type behind each order. */
export const orderColumns: Readonly<Record<OrderField, { readonly column: string; readonly type: string }>> = {
  name: { column: 'u.name_key', type: 'text' },
  email: { column: 'u.email_key', type: 'text' },
  role: { column: 'u.role', type: 'smallint' },
  state: { column: 'u.state', type: 'smallint' },
  created_at: { column: 'u.created_at', type: 'timestamptz' },
  updated_at: { column: 'u.updated_at', type: 'timestamptz' },
};

export interface Page {
  readonly users: readonly User[];
  readonly hasMore: boolean;
}

/**
 * Reads one page: after a place, by key and never by number, so that rows which come and go meanwhile are neither skipped nor repeated. `spot` is where
 * `query.skip` leads in this snapshot, where that is known; else the skipped rows are walked over.
 */
export async function readPage(
  connection: Connection,
  query: ListQuery,
  after: Place | undefined,
  spot?: Spot,
): Promise<Page> {
  if (spot?.kind === 'end') return { users: [], hasMore: false };
  if (spot?.kind === 'ids') return readUsers(connection, spot);
  const parameters: unknown[] = [];
  const { column } = orderColumns[query.order.field];
  const conditions = [query.scope.toSql(parameters), ...beyond('after', query.order, after, parameters)];
  if (spot) conditions.push(...beyond('from', query.order, spot.pivot, parameters));
  const direction = query.order.descending ? 'desc' : 'asc';
  const skip = spot ? spot.offset : query.skip;
  parameters.push(query.pageSize + 1, skip);
  const order = `order by ${column} ${direction}, u.id ${direction}`;
  const slice = `limit $${parameters.length - 1} offset $${parameters.length}`;
  const where = conditions.join(' and ');
  // What is skipped is walked over in the index alone; only the page itself is read whole.
  const text =
    skip === 0
      ? `select ${userColumns} from users u where ${where} ${order} ${slice}`
      : `select ${userColumns} from (select u.id from users u where ${where} ${order} ${slice}) p join users u using (id) ${order}`;
  const rows = await connection.query<UserRow>(text, parameters);
  return { users: rows.slice(0, query.pageSize).map(userFromRow), hasMore: rows.length > query.pageSize };
}

async function readUsers(connection: Connection, spot: Spot & { readonly kind: 'ids' }): Promise<Page> {
  const rows = await connection.query<UserRow>(
    `select ${userColumns} from unnest($1::uuid[]) with ordinality p (id, rank) join users u using (id) order by p.rank`,
    [spot.ids],
  );
  return { users: rows.map(userFromRow), hasMore: spot.hasMore };
}

function beyond(
  side: 'after' | 'from',
  order: Order,
  place: Place | undefined,
  parameters: unknown[],
): readonly string[] {
  if (!place) return [];
  const { column, type } = orderColumns[order.field];
  parameters.push(type === 'timestamptz' ? new Date(Number(place.key)).toISOString() : place.key, place.id);
  const [key, id] = [`$${parameters.length - 1}::${type}`, `$${parameters.length}::uuid`];
  const operator = `${order.descending ? '<' : '>'}${side === 'from' ? '=' : ''}`;
  return [`(${column}, u.id) ${operator} (${key}, ${id})`];
}
