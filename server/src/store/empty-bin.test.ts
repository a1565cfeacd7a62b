import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { v7 as uuidV7 } from 'uuid';
import { expect, onTestFinished, test } from 'vitest';
import type { Database } from '../database/database.ts';
import { startHousekeeping } from '../housekeeping.ts';
import { operator } from '../rpc/test-server.ts';
import { openTestDatabase } from '../testing/test-database.ts';
import { emptyBin } from './empty-bin.ts';
import { newUser } from './new-user.ts';
import { drawRevisions, insertUsers, lockUser } from './user-store.ts';

const never = new AbortController().signal;
const nobody = () => undefined;

/** Puts deleted users into the store, as if they had been deleted so many days ago. */
async function putIntoBin(database: Database, count: number, daysAgo: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidV7());
  await database.transaction(undefined, async (connection) => {
    const revisions = await drawRevisions(connection, count);
    const users = ids.map((id, at) => {
      const fields = {
        name: 'Old',
        email: `${id}@example.org`,
        role: UserRole.VIEWER,
        state: 0,
        tags: [],
        metadata: {},
      };
      return { ...newUser(fields, id, new Date()), revision: revisions[at] ?? 0 };
    });
    await insertUsers(connection, users, { caller: operator, requestId: '', address: '', at: new Date() });
    await connection.query(
      'update users set deleted_at = now() - make_interval(days => $2, secs => 60) where id = any($1)',
      [ids, daysAgo],
    );
  });
  return ids;
}

async function idsIn(database: Database, table: string, column = 'id'): Promise<string[]> {
  const rows = await database.run(undefined, (connection) =>
    connection.query<{ id: string }>(`select ${column} as id from ${table} order by 1`),
  );
  return rows.map(({ id }) => id);
}

test('who was deleted long enough ago is erased, the others stay', async () => {
  const { database } = await openTestDatabase();
  const old = await putIntoBin(database, 3, 30);
  const young = await putIntoBin(database, 3, 29);
  await emptyBin(database, 30, { signal: never, onBatch: nobody });
  expect(await idsIn(database, 'users')).toEqual(young.toSorted());
  expect(await idsIn(database, 'purged_users')).toEqual(old.toSorted());
  const events = await database.run(undefined, (connection) =>
    connection.query('select distinct kind, actor from access_events'),
  );
  expect(events).toEqual([{ kind: 'PURGED', actor: 'Retention' }]);
});

test('it goes in batches, so that the feed never waits long', async () => {
  const { database } = await openTestDatabase();
  await putIntoBin(database, 250, 31);
  const purgedByBatch = () =>
    database.run(undefined, (connection) =>
      connection.query<{ size: number }>('select count(*) as size from purged_users group by purged_at order by 1'),
    );
  let batches = 0;
  await emptyBin(database, 30, { signal: never, onBatch: () => (batches += 1) });
  expect(batches).toBe(3);
  expect((await purgedByBatch()).map(({ size }) => size)).toEqual([50, 100, 100]);
});

test('servers may do it side by side: everybody is erased once', async () => {
  const { database, url } = await openTestDatabase({ maxConnections: 6 });
  const other = await openTestDatabase({ url, maxConnections: 6 });
  const old = await putIntoBin(database, 400, 31);
  await Promise.all(
    [database, other.database, database, other.database].map((one) =>
      emptyBin(one, 30, { signal: never, onBatch: nobody }),
    ),
  );
  // One server may have passed over rows that another had, which then did them.
  expect(await idsIn(database, 'users')).toEqual([]);
  expect(await idsIn(database, 'purged_users')).toEqual(old.toSorted());
  expect(await idsIn(database, 'access_events', 'user_id')).toEqual(old.toSorted());
});

test('it does not wait for somebody who is being restored', async () => {
  const { database } = await openTestDatabase();
  const [restored = '', old = ''] = await putIntoBin(database, 2, 31);
  await database.transaction(undefined, async (connection) => {
    await lockUser(connection, restored);
    await emptyBin(database, 30, { signal: never, onBatch: nobody });
    await connection.query('update users set deleted_at = null where id = $1', [restored]);
  });
  await emptyBin(database, 30, { signal: never, onBatch: nobody });
  expect([await idsIn(database, 'users'), await idsIn(database, 'purged_users')]).toEqual([[restored], [old]]);
});

test.each([
  { binDays: 30, left: 0 },
  { binDays: 0, left: 2 },
])(
  'with ROSTER_BIN_DAYS = $binDays, housekeeping leaves $left of two who were deleted a year ago',
  async (expected) => {
    const { database } = await openTestDatabase();
    await putIntoBin(database, 2, 365);
    let told = 0;
    const passes = Promise.withResolvers<void>();
    let trims = 0;
    const housekeeping = startHousekeeping({
      database,
      feedStore: {
        // The third round begins when the first two are over.
        async trim() {
          trims += 1;
          if (trims === 3) passes.resolve();
        },
      },
      binDays: expected.binDays,
      onCommitted: () => (told += 1),
      intervalMs: 5,
      onError: passes.reject,
    });
    onTestFinished(() => housekeeping.stop());
    await passes.promise;
    expect(await idsIn(database, 'users')).toHaveLength(expected.left);
    expect(told).toBe(expected.left === 0 ? 1 : 0);
  },
);
