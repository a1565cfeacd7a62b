import { createHash } from 'node:crypto';
import type { UserFeed_Facet } from '@roster/proto/gen/userservice/v1/user';
import type { Connection, Database } from '../database/database.ts';
import { type Prepared, prepared } from '../database/prepared.ts';
import { createFacetCounts, type FacetCounts } from './facet-counts.ts';
import { changeFromRow, entryFromRow, type FeedEntry, type FeedRow, type OtherRow } from './feed-change.ts';
import type { Scope } from './scope.ts';

const advanceSql = prepared('select feed_advance($1) as moved');
const hasOutboxSql = prepared('select exists (select from outbox) as any');
const readHeadSql = prepared('select seq, floor from feed_head');

/**
 * The tables grow from nothing while the plan is kept. So it has little choice: the range by the index of `feed`, and whatever stands there by its key (`offset 0` keeps
 * PostgreSQL from joining those tables whole); and it is made anew whenever the feed has become ten times as long.
 */
function readAfterSql(seq: number): Prepared {
  return prepared(
    `select f.seq, f.revision, c.user_id, c.before, c.after,
       r.user_id as revoked_user_id, r.session_id, r.token_id, r.spared_session_id, p.id as purged_id, p.erased_to
     from feed f
       left join lateral (select * from changes where revision = f.revision offset 0) c on true
       left join lateral (select * from revocations where revision = f.revision offset 0) r on true
       left join lateral (select * from purged_users where revision = f.revision offset 0) p on true
     where f.seq > greatest($1, (select floor from feed_head)) and f.seq <= greatest($1, (select floor from feed_head)) + $2
     order by f.seq -- at positions of ${String(seq).length} digits`,
  );
}

export interface FeedHead {
  /** The newest position. */
  readonly seq: number;
  /** Everything at or below it is no longer kept. */
  readonly floor: number;
}

/** A count that belongs to a position of the feed: folding what comes after `seq` keeps it exact. */
export interface PositionedCount {
  readonly facets: FacetCounts;
  readonly seq: number;
}

/** The feed in the database. */
export interface FeedStore {
  /** Moves a batch of committed changes from the outbox into the feed; resolves with how many. */
  advance(batch: number): Promise<number>;
  hasOutbox(): Promise<boolean>;
  readHead(): Promise<FeedHead>;
  /** Reads at most `limit` entries after a position, in order. What the floor has passed is missing, even while its rows are there. */
  readAfter(seq: number, limit: number, signal?: AbortSignal): Promise<FeedEntry[]>;
  /** Names this history of the store; changes with a restore, a failover or a recovery, after which old positions mean nothing. */
  readEpoch(): Promise<string>;
  count(scope: Scope, signal: AbortSignal): Promise<PositionedCount>;
  /** Forgets all but the newest `keep` positions. */
  trim(keep: number): Promise<void>;
}

export function createFeedStore(database: Database): FeedStore {
  return {
    advance: (batch) =>
      database.run(undefined, async (connection) => {
        const [row] = await connection.query<{ moved: number }>(advanceSql, [batch]);
        return row?.moved ?? 0;
      }),
    hasOutbox: () =>
      database.run(undefined, async (connection) => {
        const [row] = await connection.query<{ any: boolean }>(hasOutboxSql);
        return row?.any ?? false;
      }),
    readHead: () => database.run(undefined, readFeedHead),
    readAfter: (seq, limit, signal) =>
      database.run(signal, async (connection) => {
        const rows = await connection.query<FeedRow | OtherRow>(readAfterSql(seq), [seq, limit]);
        return rows.map(entryFromRow);
      }),
    readEpoch: () => database.run(undefined, readEpoch),
    count: (scope, signal) => database.snapshot(signal, (connection) => countAtPosition(connection, scope)),
    async trim(keep) {
      // The floor commits first and alone: the sequencer waits for that row.
      await database.run(undefined, (connection) =>
        connection.query('update feed_head set floor = greatest(floor, seq - $1)', [keep]),
      );
      while ((await database.run(undefined, trimSlice)) === trimRows);
    },
  };
}

const trimRows = 10_000;

/** Changes stay, for the history; the end of a session is of no use to anybody once its position is gone. */
async function trimSlice(connection: Connection): Promise<number> {
  const [row] = await connection.query<{ trimmed: number }>(
    `with trimmed as (
       delete from feed where seq in (select seq from feed where seq <= (select floor from feed_head) order by seq limit $1) returning revision
     ), ended as (delete from revocations where revision in (select revision from trimmed))
     select count(*)::int as trimmed from trimmed`,
    [trimRows],
  );
  return row?.trimmed ?? 0;
}

export async function readFeedHead(connection: Connection): Promise<FeedHead> {
  const [head] = await connection.query<{ seq: number; floor: number }>(readHeadSql);
  if (!head) throw new Error('feed_head has no row');
  return head;
}

async function readEpoch(connection: Connection): Promise<string> {
  const [row] = await connection.query<{ identity: string }>(
    `select concat_ws('/', (select epoch from store), (select system_identifier from pg_control_system()),
       (select timeline_id from pg_control_checkpoint()), current_database()) as identity`,
  );
  return createHash('sha256')
    .update(row?.identity ?? '')
    .digest('base64url')
    .slice(0, 12);
}

/** Counts in one snapshot, less the effect of the outbox rows visible in it: they are counted already and will come again as changes. */
async function countAtPosition(connection: Connection, scope: Scope): Promise<PositionedCount> {
  const head = await readFeedHead(connection);
  const parameters: unknown[] = [];
  const condition = scope.toSql(parameters);
  const counted = await connection.query<UserFeed_Facet>(
    `select u.role, u.state, count(*) as size from users u where ${condition} group by u.role, u.state`,
    parameters,
  );
  const facets = createFacetCounts(counted);
  const pending = await connection.query<Omit<FeedRow, 'seq'>>(
    'select c.revision, c.user_id, c.before, c.after from outbox join changes c using (revision)',
  );
  for (const row of pending) {
    const { before, after } = changeFromRow({ ...row, seq: 0 });
    if (before && scope.matches(before)) facets.add(before, 1);
    if (scope.matches(after)) facets.add(after, -1);
  }
  return { facets, seq: head.seq };
}
