import type { Connection } from '../../database/database.ts';
import { readFeedHead } from '../../watch/feed-store.ts';
import type { ChangeFilter } from './change-query.ts';
import { type ChangeRow, changeColumns, kindName } from './change-rows.ts';

/** A page, and the position of the feed that it belongs to. */
export interface PositionedChanges {
  readonly changes: readonly ChangeRow[];
  readonly position: number;
}

/** Reads changes from the newest on, or from below a revision. */
export function readChanges(
  connection: Connection,
  filter: ChangeFilter,
  below: number | undefined,
  count: number,
): Promise<ChangeRow[]> {
  return readNewest(connection, filter, below, count, 'true');
}

/** Reads the newest changes that are in the feed, in the snapshot of the connection: what follows its position is all that is missing. */
export async function readFedChanges(
  connection: Connection,
  filter: ChangeFilter,
  count: number,
): Promise<PositionedChanges> {
  const { seq } = await readFeedHead(connection);
  const isFed = 'not exists (select from outbox o where o.revision = c.revision)';
  return { changes: await readNewest(connection, filter, undefined, count, isFed), position: seq };
}

function readNewest(
  connection: Connection,
  filter: ChangeFilter,
  below: number | undefined,
  count: number,
  also: string,
): Promise<ChangeRow[]> {
  const parameters: unknown[] = [];
  const conditions = conditionsOf(filter, parameters);
  if (below !== undefined) conditions.push(`c.revision < $${parameters.push(below)}`);
  return connection.query<ChangeRow>(
    `select ${changeColumns} from changes c where ${[also, ...conditions].join(' and ')}
     order by c.revision desc limit $${parameters.push(count)}`,
    parameters,
  );
}

/** What joined the feed after a position. */
export interface FeedStretch {
  readonly changes: readonly ChangeRow[];
  readonly erasedUserIds: readonly string[];
  /** Some of it is no longer kept. */
  readonly isCut: boolean;
}

/** Reads the changes of a short stretch of the feed, in its order, and who was erased in it. */
export async function readStretch(
  connection: Connection,
  filter: ChangeFilter,
  after: number,
  to: number,
): Promise<FeedStretch> {
  const parameters: unknown[] = [after, to];
  const conditions = ['f.seq > $1', 'f.seq <= $2', ...conditionsOf(filter, parameters)];
  const changes = await connection.query<ChangeRow>(
    `select ${changeColumns} from feed f join changes c using (revision) where ${conditions.join(' and ')} order by f.seq`,
    parameters,
  );
  const erased = await connection.query<{ id: string }>(
    'select p.id from feed f join purged_users p using (revision) where f.seq > $1 and f.seq <= $2',
    [after, to],
  );
  // Read last: a stretch that was whole until now is whole in what was read.
  const { floor } = await readFeedHead(connection);
  return { changes, erasedUserIds: erased.map(({ id }) => id), isCut: floor > after };
}

/** The filter as SQL over `changes c`; pushes its values to `parameters`. */
function conditionsOf(filter: ChangeFilter, parameters: unknown[]): string[] {
  const conditions: string[] = [];
  const add = (value: unknown, condition: (parameter: string) => string) => {
    if (value !== undefined) conditions.push(condition(`$${parameters.push(value)}`));
  };
  add(filter.revision, (revision) => `c.revision = ${revision}`);
  add(filter.userId, (id) => `c.user_id = ${id}`);
  add(filter.actorId, (id) => `c.actor_id = ${id}`);
  add(filter.kind && kindName(filter.kind), (kind) => `c.kind = ${kind}`);
  add(filter.path, (path) => `c.paths <> '{}' and paths_and_fields(c.paths) @> array[${path}]`);
  add(filter.roleGiven, (role) => `c.role_after = ${role} and c.role_before is distinct from c.role_after`);
  add(timeOf(filter.since), (time) => `c.at >= ${time}::timestamptz`);
  add(timeOf(filter.until), (time) => `c.at < ${time}::timestamptz`);
  return conditions;
}

function timeOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

/** The bytes of a user as they were right after a revision; undefined before the first change that is kept. */
export async function readUserAsOf(
  connection: Connection,
  userId: string,
  revision: number,
): Promise<Buffer | undefined> {
  const [row] = await connection.query<{ after: Buffer }>(
    'select after from changes where user_id = $1 and revision <= $2 order by revision desc limit 1',
    [userId, revision],
  );
  return row?.after;
}
