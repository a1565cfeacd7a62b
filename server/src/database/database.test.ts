import { expect, test } from 'vitest';
import { openTestDatabase } from '../testing/test-database.ts';
import type { Connection, Database } from './database.ts';

const pidOf = async (connection: Connection): Promise<number> => {
  const [row] = await connection.query<{ pid: number }>('select pg_backend_pid() as pid');
  return row?.pid ?? 0;
};

/** What a connection runs right now, as another one sees it; undefined where it is gone. */
async function activityOf(observer: Database, pid: number): Promise<{ state: string; query: string } | undefined> {
  const [row] = await observer.run(undefined, (connection) =>
    connection.query<{ state: string; query: string }>('select state, query from pg_stat_activity where pid = $1', [
      pid,
    ]),
  );
  return row;
}

const longSleep = 'select pg_sleep(60)';

test('an abort ends the statement in PostgreSQL too, and the connection is good for the next', async () => {
  const { database, url } = await openTestDatabase({ maxConnections: 1 });
  const { database: observer } = await openTestDatabase({ url });
  const abort = new AbortController();
  const reason = new Error('enough');
  const pid = Promise.withResolvers<number>();
  const running = database.run(abort.signal, async (connection) => {
    pid.resolve(await pidOf(connection));
    await connection.query(longSleep);
  });
  const ended = expect(running).rejects.toBe(reason);
  const borrowed = await pid.promise;
  await expect.poll(() => activityOf(observer, borrowed)).toMatchObject({ state: 'active', query: longSleep });
  abort.abort(reason);
  await ended;
  await expect.poll(() => activityOf(observer, borrowed)).toMatchObject({ state: 'idle' });
  expect(await database.run(undefined, pidOf)).toBe(borrowed);
});

test('no cancel of one borrower ever hits the statement of the next', async () => {
  const { database } = await openTestDatabase({ maxConnections: 1 });
  for (let round = 0; round < 200; round += 1) {
    const abort = new AbortController();
    const first = database.run(abort.signal, (connection) => connection.query('select pg_sleep(0.002)'));
    const second = database.run(undefined, (connection) => connection.query('select pg_sleep(0.001)'));
    setTimeout(() => abort.abort(new Error('enough')), round % 5);
    await first.catch((error: Error) => expect(error.message).toBe('enough'));
    await second;
  }
});

test('a transaction that is aborted leaves nothing behind', async () => {
  const { database } = await openTestDatabase();
  const abort = new AbortController();
  const work = database.transaction(abort.signal, async (connection) => {
    await connection.query('insert into outbox values (1)');
    abort.abort(new Error('enough'));
    await connection.query('insert into outbox values (2)');
  });
  await expect(work).rejects.toThrow('enough');
  expect(await database.run(undefined, (connection) => connection.query('select * from outbox'))).toEqual([]);
});

test('an abort while waiting for a connection runs nothing', async () => {
  const { database } = await openTestDatabase({ maxConnections: 1 });
  const free = Promise.withResolvers<void>();
  const holding = database.run(undefined, () => free.promise);
  const abort = new AbortController();
  const waiting = database.run(abort.signal, (connection) => connection.query('insert into outbox values (1)'));
  abort.abort(new Error('enough'));
  free.resolve();
  await holding;
  await expect(waiting).rejects.toThrow('enough');
  expect(await database.run(undefined, (connection) => connection.query('select * from outbox'))).toEqual([]);
});

test('a failed transaction is rolled back, and its connection is used again', async () => {
  const { database } = await openTestDatabase({ maxConnections: 1 });
  const work = database.transaction(undefined, async (connection) => {
    await connection.query('insert into outbox values (1)');
    await connection.query('insert into outbox values (1)');
  });
  await expect(work).rejects.toThrow('duplicate key');
  expect(await database.run(undefined, (connection) => connection.query('select * from outbox'))).toEqual([]);
});

test.each(['run', 'transaction', 'snapshot'] as const)(
  'a connection that is lost during %s costs that call alone',
  async (kind) => {
    const { database, url } = await openTestDatabase({ maxConnections: 1 });
    const { database: observer } = await openTestDatabase({ url });
    const pid = Promise.withResolvers<number>();
    const lost = database[kind](undefined, async (connection) => {
      pid.resolve(await pidOf(connection));
      await connection.query(longSleep);
    });
    const failure = expect(lost).rejects.toThrow('terminating connection');
    const borrowed = await pid.promise;
    await expect.poll(() => activityOf(observer, borrowed)).toMatchObject({ query: longSleep });
    await observer.run(undefined, (connection) => connection.query('select pg_terminate_backend($1)', [borrowed]));
    await failure;
    expect(await database.run(undefined, pidOf)).not.toBe(borrowed);
  },
);

test('a connection that is lost between two statements of a transaction fails it, and the process lives', async () => {
  const { database, url, connectionErrors } = await openTestDatabase({ maxConnections: 1 });
  const { database: observer } = await openTestDatabase({ url });
  const pid = Promise.withResolvers<number>();
  const goOn = Promise.withResolvers<void>();
  const lost = database.transaction(undefined, async (connection) => {
    pid.resolve(await pidOf(connection));
    await goOn.promise;
    await connection.query('select 1');
  });
  const failure = expect(lost).rejects.toThrow();
  const borrowed = await pid.promise;
  await observer.run(undefined, (connection) => connection.query('select pg_terminate_backend($1)', [borrowed]));
  await expect.poll(() => connectionErrors.length).toBeGreaterThan(0);
  goOn.resolve();
  await failure;
  expect(await database.run(undefined, pidOf)).not.toBe(borrowed);
});

test('a transaction that PostgreSQL ends to break a deadlock runs again', async () => {
  const { database } = await openTestDatabase();
  await database.run(undefined, (connection) => connection.query('insert into outbox values (1), (2)'));
  const bothHold = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let attempts = 0;
  const lockBoth = (first: number, second: number) =>
    database.transaction(undefined, async (connection) => {
      attempts += 1;
      await connection.query('select 1 from outbox where revision = $1 for update', [first]);
      bothHold[first - 1]?.resolve();
      await Promise.all(bothHold.map(({ promise }) => promise));
      await connection.query('select 1 from outbox where revision = $1 for update', [second]);
      return 'done';
    });
  expect(await Promise.all([lockBoth(1, 2), lockBoth(2, 1)])).toEqual(['done', 'done']);
  expect(attempts).toBeGreaterThan(2);
});

test('a snapshot sees one moment, and writes nothing', async () => {
  const { database } = await openTestDatabase();
  const counts = await database.snapshot(undefined, async (connection) => {
    const count = () => connection.query('select count(*) as count from outbox');
    const before = await count();
    await database.run(undefined, (other) => other.query('insert into outbox values (1)'));
    return [before, await count()];
  });
  expect(counts).toEqual([[{ count: 0 }], [{ count: 0 }]]);
  await expect(database.snapshot(undefined, (connection) => connection.query('delete from outbox'))).rejects.toThrow(
    'read-only',
  );
});

test.each(['UTC', 'Asia/Kolkata', 'America/St_Johns', 'Asia/Kathmandu'])(
  'times are epoch milliseconds in a session of %s',
  async (zone) => {
    const { database } = await openTestDatabase();
    const row = await database.transaction(undefined, async (connection) => {
      await connection.query(`select set_config('timezone', $1, true)`, [zone]);
      return connection.query('select $1::timestamptz(3) as at, 9007199254740991::bigint as large', [
        new Date(1_700_000_000_123),
      ]);
    });
    expect(row).toEqual([{ at: 1_700_000_000_123, large: Number.MAX_SAFE_INTEGER }]);
  },
);

test('every connection has the settings, character for character', async () => {
  const settings = {
    'roster.a': "it's “a” \\ b -c c=d\t",
    'roster.b': '',
    'roster.c': 'https://login.example/a%20b?c=d',
  };
  const { database } = await openTestDatabase({ settings });
  const read = database.run(undefined, (connection) =>
    connection.query(
      `select current_setting('roster.a') as "roster.a", current_setting('roster.b') as "roster.b", current_setting('roster.c') as "roster.c"`,
    ),
  );
  expect(await read).toEqual([settings]);
});
