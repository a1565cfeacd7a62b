import { User } from '@roster/proto/gen/userservice/v1/user';
import type { Order, OrderField } from '@roster/proto/order';
import type { Connection } from '../../database/database.ts';
import { encodedVersion, type UserRow, userColumns, userFromRow } from '../../store/user-row.ts';
import { readFeedHead } from '../../watch/feed-store.ts';
import type { ListQuery } from './list-query.ts';
import type { Place } from './page-token.ts';
import type { Guess, Spot } from './rank-index.ts';

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
  /** Encoded users, as they travel. */
  readonly users: readonly Uint8Array[];
  readonly hasMore: boolean;
  /** The feed goes on exactly from here. */
  readonly position: number;
}

interface PageRow {
  readonly position: number;
  readonly encoded: Buffer | null;
}

interface GuessedRow extends PageRow {
  /** Something has been committed that has no place in the feed yet. */
  readonly isAhead: boolean;
}

const head = '(select seq from feed_head) as position';
const isAhead = 'exists (select from outbox) as "isAhead"';
const encoded = `case when u.encoded_version = ${encodedVersion} then u.encoded end as encoded`;

/**
 * Reads a page and its position by one statement, which sees one moment. Undefined where that does not tell all: the page is empty, so that no row brings the
 * position, or a row lacks its encoding.
 */
export async function readPageAtOnce(
  connection: Connection,
  query: ListQuery,
  after: Place | undefined,
): Promise<Page | undefined> {
  const rows = await connection.query<PageRow>(...pageStatement(query, after, undefined, `${head}, ${encoded}`));
  const users = encodingsOf(rows);
  const position = rows[0]?.position;
  return users && position !== undefined ? cut(query, users, position) : undefined;
}

/** The same for a page whose place was guessed. Undefined also where its snapshot shows another position than the guess belongs to. */
export async function readGuessedPage(
  connection: Connection,
  query: ListQuery,
  { spot, seq }: Guess,
): Promise<Page | undefined> {
  if (spot.kind === 'end') return undefined;
  const columns = `${head}, ${isAhead}, ${encoded}`;
  const statement =
    spot.kind === 'ids' ? idsStatement(spot.ids, columns) : pageStatement(query, undefined, spot, columns);
  const rows = await connection.query<GuessedRow>(...statement);
  const users = encodingsOf(rows);
  if (!users || rows[0]?.position !== seq || rows[0].isAhead) return undefined;
  const page = cut(query, users, seq);
  return spot.kind === 'ids' ? { ...page, hasMore: spot.hasMore } : page;
}

/**
 * Reads one page in a snapshot: after a place, by key and never by number, so that rows which come and go meanwhile are neither skipped nor repeated. `spot` is
 * where `query.skip` leads in this snapshot, where that is known; else the skipped rows are walked over.
 */
export async function readPage(
  connection: Connection,
  query: ListQuery,
  after: Place | undefined,
  spot?: Spot,
): Promise<Page> {
  const position = (await readFeedHead(connection)).seq;
  if (spot?.kind === 'end') return { users: [], hasMore: false, position };
  const statement = (columns: string) =>
    spot?.kind === 'ids' ? idsStatement(spot.ids, columns) : pageStatement(query, after, spot, columns);
  const rows = await connection.query<PageRow>(...statement(`0 as position, ${encoded}`));
  const users = encodingsOf(rows) ?? (await connection.query<UserRow>(...statement(userColumns))).map(encodedFromRow);
  const page = cut(query, users, position);
  return spot?.kind === 'ids' ? { ...page, hasMore: spot.hasMore } : page;
}

function cut(query: ListQuery, users: readonly Uint8Array[], position: number): Page {
  return { users: users.slice(0, query.pageSize), hasMore: users.length > query.pageSize, position };
}

function encodingsOf(rows: readonly PageRow[]): readonly Uint8Array[] | undefined {
  const found = rows.map((row) => row.encoded);
  return found.every((bytes) => bytes !== null) ? found : undefined;
}

function encodedFromRow(row: UserRow): Uint8Array {
  return User.toBinary(userFromRow(row));
}

type Statement = readonly [text: string, parameters: readonly unknown[]];

function pageStatement(
  query: ListQuery,
  after: Place | undefined,
  spot: (Spot & { readonly kind: 'pivot' }) | undefined,
  columns: string,
): Statement {
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
      ? `select ${columns} from users u where ${where} ${order} ${slice}`
      : `select ${columns} from (select u.id from users u where ${where} ${order} ${slice}) p join users u using (id) ${order}`;
  return [text, parameters];
}

function idsStatement(ids: readonly string[], columns: string): Statement {
  const text = `select ${columns} from unnest($1::uuid[]) with ordinality p (id, rank) join users u using (id) order by p.rank`;
  return [text, [ids]];
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
