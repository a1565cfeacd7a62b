import type { OrderKey } from '@roster/proto/order';
import type { Connection } from '../../database/database.ts';
import { changeFromRow, type FeedChange, type FeedRow } from '../../watch/feed-change.ts';
import { readFeedHead } from '../../watch/feed-store.ts';
import type { ListQuery } from './list-query.ts';
import type { Place } from './page-token.ts';
import { orderColumns } from './user-pages.ts';

/** What a rank index is built of: every `step`-th row, or all rows where they are few. */
export interface RankSample {
  readonly total: number;
  readonly isWhole: boolean;
  readonly places: readonly Place[];
  /** The rank of each place. */
  readonly ranks: readonly number[];
}

/** Reads the sample of a list in one statement. */
export async function readRankSample(
  connection: Connection,
  query: Pick<ListQuery, 'scope' | 'order'>,
  limits: { readonly held: number; readonly pivots: number },
): Promise<RankSample> {
  const parameters: unknown[] = [];
  const where = query.scope.toSql(parameters);
  const { column } = orderColumns[query.order.field];
  const direction = query.order.descending ? 'desc' : 'asc';
  parameters.push(limits.held, limits.pivots);
  const [held, pivots] = [`$${parameters.length - 1}::int`, `$${parameters.length}::int`];
  const rows = await connection.query<{ id: string; key: OrderKey; rank: number; total: number }>(
    `select id, key, rank, total from (
       select u.id, ${column} as key, row_number() over (order by ${column} ${direction}, u.id ${direction}) - 1 as rank,
         count(*) over () as total
       from users u where ${where}
     ) t where total <= ${held} or rank % greatest(total / ${pivots}, 1) = 0 order by rank`,
    parameters,
  );
  const total = rows[0]?.total ?? 0;
  return {
    total,
    isWhole: rows.length === total,
    places: rows.map(({ key, id }) => ({ key, id })),
    ranks: rows.map(({ rank }) => rank),
  };
}

/** The changes that a snapshot shows beyond a position: those of the feed, in order, and those that have no place in it yet. */
export interface Pending {
  readonly head: number;
  readonly placed: readonly FeedChange[];
  readonly unplaced: readonly FeedChange[];
  /** Somebody was erased meanwhile: lists that show deleted users may have lost a row, and nothing says which did. */
  readonly hasPurge: boolean;
}

/** Reads them in the snapshot of the connection; undefined where there are more than `max`, or the feed has forgotten some. */
export async function readPending(connection: Connection, after: number, max: number): Promise<Pending | undefined> {
  const { seq: head, floor } = await readFeedHead(connection);
  if (head - after > max || after < floor) return undefined;
  const rows = await connection.query<PendingRow>(
    `(select f.seq, f.revision, c.user_id, c.before, c.after, p.id is not null as is_purge
      from feed f left join changes c using (revision) left join purged_users p using (revision) where f.seq > $1)
     union all
     (select null, o.revision, c.user_id, c.before, c.after, p.id is not null
      from outbox o left join changes c using (revision) left join purged_users p using (revision) limit $2)
     order by 1 nulls last, 2`,
    [after, max + 1],
  );
  if (rows.length > max) return undefined;
  const changes = rows.flatMap(({ seq, after: user, ...row }) =>
    user === null ? [] : changeFromRow({ ...row, after: user, seq: seq ?? 0 }),
  );
  return {
    head,
    placed: changes.filter(({ seq }) => seq > 0),
    unplaced: changes.filter(({ seq }) => seq === 0),
    hasPurge: rows.some((row) => row.is_purge),
  };
}

/** A row of the feed or of the outbox; without a user where it is no change. */
type PendingRow = Omit<FeedRow, 'seq' | 'after'> & {
  readonly seq: number | null;
  readonly after: Buffer | null;
  readonly is_purge: boolean;
};
