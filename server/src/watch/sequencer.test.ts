import { expect, onTestFinished, test } from 'vitest';
import { createDatabase, type Database } from '../database/database.ts';
import { createTestDatabase } from '../testing/test-app.ts';
import { createFeedStore } from './feed-store.ts';
import { createSequencer } from './sequencer.ts';

async function openDatabase(): Promise<Database> {
  const database = createDatabase({
    url: await createTestDatabase(),
    password: undefined,
    maxConnections: 24,
    statementTimeoutMs: 20_000,
    onConnectionError: () => undefined,
  });
  onTestFinished(() => database.close());
  return database;
}

const fail = (error: unknown) => {
  throw error;
};

test('under concurrent writers, with rollbacks and slow commits, every committed change gets one place, without a gap', async () => {
  const database = await openDatabase();
  const store = createFeedStore(database);
  const sequencers = [1, 2, 3].map(() => createSequencer(store, { pollMs: 20, onError: fail }));
  const committed: number[] = [];
  const write = async (writer: number, turn: number) => {
    const isRolledBack = (writer + turn) % 5 === 0;
    await database
      .transaction(undefined, async (connection) => {
        const [row] = await connection.query<{ revision: number }>(
          `insert into outbox select nextval('revision') returning revision`,
        );
        // Slow enough that later revisions commit first.
        if (turn % 7 === 0) await connection.query('select pg_sleep(0.02)');
        if (isRolledBack) throw new Error('rolled back');
        committed.push(row?.revision ?? 0);
      })
      .catch(() => undefined);
    sequencers[writer % 3]?.kick();
  };
  await Promise.all(
    Array.from({ length: 16 }, async (_, writer) => {
      for (let turn = 1; turn <= 25; turn += 1) await write(writer, turn);
    }),
  );
  await expect.poll(() => store.readHead(), { timeout: 10_000 }).toMatchObject({ seq: committed.length });
  for (const sequencer of sequencers) await sequencer.stop();
  const feed = await database.run(undefined, (connection) =>
    connection.query<{ seq: number; revision: number }>('select seq, revision from feed f order by f.seq'),
  );
  expect(feed.map((row) => row.seq)).toEqual(feed.map((_, index) => index + 1));
  expect(feed.map((row) => row.revision).sort((a, b) => a - b)).toEqual([...committed].sort((a, b) => a - b));
});
