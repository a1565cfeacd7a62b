import { User } from '@roster/proto/gen/userservice/v1/user';
import pg from 'pg';
import type { ChangeEvent, EventOf } from './recording.ts';
import { factsOf } from './user-facts.ts';

/** The store itself, read and disturbed without asking a server. Every call opens a connection of its own, for PostgreSQL may have died meanwhile. */
export interface StoreTruth {
  /** The whole history with the places of all changes, compacted ones included, and the users as they are. */
  read(): Promise<{ readonly changes: readonly ChangeEvent[]; readonly users: readonly EventOf<'user'>[] }>;
  /** The end of the feed, and how many committed changes have no place yet. */
  head(): Promise<{ readonly seq: number; readonly waiting: number }>;
  /** Raises the floor of the feed and forgets what is at or below it, as housekeeping does; the places go on living in a table of the witness. */
  compactTo(floor: number): Promise<void>;
  /** Gives the store a new epoch, as a restore does. */
  renewEpoch(): Promise<void>;
  /** Ends the connections that listen, or all of Roster's servers. Returns how many. */
  cutConnections(which: 'listeners' | 'all'): Promise<number>;
  /** Changes a user in a transaction that stays open until `whenDone` settles. Undefined if there is no such user. */
  holdChange(userId: string, requestId: string, whenDone: Promise<'commit' | 'rollback'>): Promise<number | undefined>;
  /** The folder of PostgreSQL's data, which holds its pid. */
  dataFolder(): Promise<string>;
  /** The pid of a connection of Roster's, if there is one. */
  anyBackend(): Promise<number | undefined>;
  /** The key that signs tokens, to make ones that no server would. */
  tokenKey(): Promise<Uint8Array>;
}

export async function createStoreTruth(url: string): Promise<StoreTruth> {
  const use = async <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'roster-soak',
      connectionTimeoutMillis: 5000,
    });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  await use((client) =>
    client.query(
      'create schema if not exists soak; create table if not exists soak.feed (seq bigint, revision bigint)',
    ),
  );
  return {
    read: () => use(readAll),
    head: () =>
      use(async (client) => {
        const sql = 'select (select seq from feed_head) as seq, (select count(*) from outbox) as waiting';
        const { rows } = await client.query<{ seq: string; waiting: string }>(sql);
        return { seq: Number(rows[0]?.seq), waiting: Number(rows[0]?.waiting) };
      }),
    compactTo: (floor) =>
      use(async (client) => {
        await client.query('begin');
        await client.query('update feed_head set floor = greatest(floor, $1)', [floor]);
        await client.query(
          `with gone as (delete from feed where seq <= (select floor from feed_head) returning seq, revision)
           insert into soak.feed select seq, revision from gone`,
        );
        await client.query('commit');
      }),
    renewEpoch: () => use(async (client) => void (await client.query('update store set epoch = gen_random_uuid()'))),
    cutConnections: (which) =>
      use(async (client) => {
        const { rowCount } = await client.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where application_name = 'roster' and datname = current_database() and ($1 = 'all' or query ilike 'listen %')`,
          [which],
        );
        return rowCount ?? 0;
      }),
    holdChange: (userId, requestId, whenDone) => use((client) => holdChange(client, userId, requestId, whenDone)),
    dataFolder: () =>
      use(async (client) => {
        const { rows } = await client.query<{ folder: string }>(`select current_setting('data_directory') as folder`);
        return rows[0]?.folder ?? '';
      }),
    anyBackend: () =>
      use(async (client) => {
        const { rows } = await client.query<{ pid: number }>(
          `select pid from pg_stat_activity where application_name = 'roster' order by random() limit 1`,
        );
        return rows[0]?.pid;
      }),
    tokenKey: () =>
      use(async (client) => {
        const { rows } = await client.query<{ token_key: Buffer }>('select token_key from store');
        return rows[0]?.token_key ?? new Uint8Array();
      }),
  };
}

interface ChangeRow {
  readonly seq: string | null;
  readonly revision: string;
  readonly user_id: string;
  readonly request_id: string | null;
  readonly at: Date;
  readonly before: Buffer | null;
  readonly after: Buffer;
}

async function readAll(client: pg.Client) {
  const { rows } = await client.query<ChangeRow>(
    `select f.seq, c.revision, c.user_id, c.request_id, c.at, c.before, c.after
     from changes c left join (select seq, revision from feed union all select seq, revision from soak.feed) f using (revision)
     order by c.revision`,
  );
  const changes = rows.map(
    (row): ChangeEvent => ({
      kind: 'change',
      at: row.at.getTime(),
      seq: row.seq === null ? undefined : Number(row.seq),
      revision: Number(row.revision),
      userId: row.user_id,
      requestId: row.request_id ?? '',
      before: row.before ? factsOf(User.fromBinary(row.before)) : undefined,
      after: factsOf(User.fromBinary(row.after)),
    }),
  );
  // A row of the table is compared by its revision; the content of that revision is the history's.
  const { rows: ends } = await client.query<{ id: string; revision: string; role: number; after: Buffer }>(
    'select u.id, u.revision, u.role, c.after from users u join changes c on c.revision = u.revision',
  );
  const users = ends.map((row): EventOf<'user'> => {
    const user = User.fromBinary(row.after);
    const facts = factsOf({ ...user, role: row.role });
    return { kind: 'user', userId: row.id, revision: Number(row.revision), facts };
  });
  return { changes, users };
}

async function holdChange(
  client: pg.Client,
  userId: string,
  requestId: string,
  whenDone: Promise<'commit' | 'rollback'>,
): Promise<number | undefined> {
  await client.query('begin');
  const { rows } = await client.query<{ revision: string; after: Buffer }>(
    'select c.revision, c.after from users u join changes c on c.revision = u.revision where u.id = $1 for update of u',
    [userId],
  );
  const [row] = rows;
  if (!row) return undefined;
  const drawn = await client.query<{ revision: string }>(`select nextval('revision') as revision`);
  const revision = Number(drawn.rows[0]?.revision);
  const before = User.fromBinary(row.after);
  const now = Date.now();
  const updatedAt = { seconds: String(Math.floor(now / 1000)), nanos: (now % 1000) * 1_000_000 };
  const address = { street: '', state: '', country: '', postalCode: '', ...before.address, city: `Held ${revision}` };
  const after = { ...before, address, revision, updatedAt };
  await client.query(
    `with replaced as (
       update users set address_city = $2, revision = $3, updated_at = $4,
         field_revisions = field_revisions || jsonb_build_object('address.city', $3::bigint) where id = $1 returning id
     ), logged as (
       insert into changes (revision, user_id, kind, paths, role_before, role_after, state_before, state_after,
         actor_id, actor, request_id, at, before, after)
       select $3, id, 'updated', '{address.city}', $5, $5, $6, $6, 'soak', 'Soak test', $7, $4, $8, $9 from replaced
     ) insert into outbox values ($3)`,
    [
      userId,
      address.city,
      revision,
      new Date(now),
      before.role,
      before.state,
      requestId,
      row.after,
      Buffer.from(User.toBinary(after)),
    ],
  );
  const end = await whenDone;
  await client.query(end);
  return end === 'commit' ? revision : undefined;
}
