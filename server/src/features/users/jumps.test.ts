import { User } from '@roster/proto/gen/userservice/v1/user';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import type { Connection } from '../../database/database.ts';
import { startTestApp, type TestApp } from '../../testing/test-app.ts';
import { createFeedLog } from '../../watch/feed-log.ts';
import { createFeedReader } from '../../watch/feed-reader.ts';
import { createFeedStore } from '../../watch/feed-store.ts';
import { createJumps, type JumpLimits, type Jumps } from './jumps.ts';
import { readListQuery } from './list-query.ts';
import { bulkCreate, createOne, remove, restore, someone, update } from './testing/user-calls.ts';
import { type Page, readGuessedPage, readPage } from './user-pages.ts';

const requests = [
  { orderBy: '', filter: '' },
  { orderBy: 'name', filter: '' },
  { orderBy: 'role desc', filter: '' },
  { orderBy: 'updated_at', filter: 'role = VIEWER OR role = ADMIN' },
  { orderBy: 'email', filter: 'name:a', showDeleted: true },
].map((request) => ListUsersRequest.create({ ...request, pageSize: 7 }));

/** Jumps of the test's own, with limits that its few users reach, over a log that it may hold back. */
async function openJumps({ database }: TestApp, limits: Partial<JumpLimits>) {
  const store = createFeedStore(database);
  const log = createFeedLog((await store.readHead()).seq, { changes: 25_000, bytes: 1 << 26 });
  const onError = (error: unknown) => {
    throw error;
  };
  const reader = createFeedReader(store, () => log, {
    onAdvance: () => undefined,
    onGap: async () => undefined,
    onError,
  });
  const jumps = createJumps({ database, log: () => log, onError, limits: { skipMin: 0, ...limits } });
  return { jumps, reader };
}

/** Counts the rows of the page at `skip` that the jump put elsewhere than OFFSET does in the same snapshot; undefined if it knew no spot. */
async function wrongRows(connection: Connection, jumps: Jumps, request: ListUsersRequest, skip: number) {
  const query = { ...readListQuery(request), skip };
  const guess = jumps.guess(query);
  const spot = await jumps.spotOf(connection, query);
  if (!spot) return undefined;
  const walked = await readPage(connection, query, undefined);
  const jumped = await readPage(connection, query, undefined, spot);
  const guessed = guess && (await readGuessedPage(connection, query, guess));
  return Number(!isSamePage(jumped, walked) || (guessed !== undefined && !isSamePage(guessed, walked)));
}

function isSamePage(a: Page, b: Page): boolean {
  const ids = ({ users }: Page) => users.map((user) => User.fromBinary(user).id).join();
  return ids(a) === ids(b) && a.hasMore === b.hasMore && a.position === b.position;
}

test.each([
  ['sampled pivots', { held: 0, pivots: 8, walkMax: 200 }],
  ['lists that are held whole', { held: 50_000 }],
])(
  'with %s a jump to any rank is exact in the snapshot of its page, while others write and roll back',
  async (_, limits) => {
    const app = await startTestApp();
    const { client, database } = app;
    await bulkCreate(
      client,
      Array.from({ length: 120 }, (_, index) =>
        someone({ name: `${index % 2 ? 'a' : 'b'}${index}`, role: (index % 3) + 1 }),
      ),
    );
    const { jumps, reader } = await openJumps(app, limits);
    // As much work on a slow machine as on a fast one: somebody writes all the time that a probe takes, but not more than so much.
    const openWriter = (number: number) => {
      const mine: string[] = [];
      let turn = 0;
      const write = async () => {
        const id = mine[turn % Math.max(1, mine.length)];
        if (!id || turn % 4 === 0)
          mine.push((await createOne(client, { name: `${turn % 2 ? 'a' : 'z'}${number}` })).id);
        else if (turn % 4 === 1)
          await update(client, { id, user: { name: `a${turn}`, role: 1 }, updateMask: { paths: ['name', 'role'] } });
        else if (turn % 8 === 2) await remove(client, id).then(() => restore(client, id));
        else if (turn % 8 === 6) await remove(client, mine.pop() ?? '').catch(() => undefined);
        else await rollBack(app);
        turn += 1;
      };
      return async () => {
        for (let count = 0; count < 4; count += 1) await write();
      };
    };
    const probes = { right: 0, wrong: 0, unknown: 0 };
    const probe = async (turn: number) => {
      for (const request of requests) {
        const wrong = await database.snapshot(undefined, (connection) =>
          wrongRows(connection, jumps, request, 1 + ((turn * 37) % 160)),
        );
        if (wrong === undefined) probes.unknown += 1;
        else probes[wrong === 0 ? 'right' : 'wrong'] += 1;
      }
      // The log is read now and then, so that most probes find changes that the index does not know.
      if (turn % 3 === 0) reader.read();
    };
    const writers = [1, 2, 3].map(openWriter);
    await probe(0);
    await jumps.settled();
    for (let turn = 1; turn <= 60; turn += 1) await Promise.all([probe(turn), ...writers.map((write) => write())]);
    await reader.stop();
    await jumps.stop();
    expect(probes.wrong).toBe(0);
    expect(probes.right).toBeGreaterThan(200);
  },
  240_000,
);

/** Changes somebody as an update does, and takes it back. */
async function rollBack({ database }: TestApp): Promise<void> {
  const undone = new Error('undone');
  const work = database.transaction(undefined, async (connection) => {
    await connection.query(`update users set name_key = 'aa', role = 1 where id = (select id from users limit 1)`);
    await connection.query(`insert into outbox select nextval('revision')`);
    throw undone;
  });
  await work.catch((error) => {
    if (error !== undone) throw error;
  });
}

test('a list that nobody asked for is walked, and the least recently used are forgotten first', async () => {
  const app = await startTestApp();
  await bulkCreate(
    app.client,
    Array.from({ length: 20 }, () => someone()),
  );
  const { jumps, reader } = await openJumps(app, { listsMax: 2 });
  const [first, second, third] = ['name', 'email', 'role'].map((orderBy) =>
    readListQuery(ListUsersRequest.create({ orderBy, skip: 5 })),
  );
  if (!first || !second || !third) throw new Error('three queries');
  const knows = (query: typeof first) =>
    app.database.snapshot(undefined, async (connection) => (await jumps.spotOf(connection, query)) !== undefined);
  expect(await knows(first)).toBe(false);
  await jumps.settled();
  expect(await knows(second)).toBe(false);
  await jumps.settled();
  expect([await knows(first), await knows(third)]).toEqual([true, false]);
  await jumps.settled();
  expect([await knows(first), await knows(third), await knows(second)]).toEqual([true, true, false]);
  await jumps.stop();
  await reader.stop();
});

test.each([
  ['sampled pivots', { held: 0, pivots: 8 }],
  ['a list that is held whole', {}],
])(
  'with %s a page is guessed by one statement, until something has been committed that its index does not know',
  async (_, limits) => {
    const app = await startTestApp();
    const { client, database } = app;
    await bulkCreate(
      client,
      Array.from({ length: 40 }, () => someone()),
    );
    const { jumps, reader } = await openJumps(app, limits);
    const query = readListQuery(ListUsersRequest.create({ orderBy: 'name', pageSize: 7, skip: 20 }));
    const guess = () =>
      database.snapshot(undefined, async (connection) => {
        const known = jumps.guess(query);
        const page = known && (await readGuessedPage(connection, query, known));
        return page && isSamePage(page, await readPage(connection, query, undefined));
      });
    expect(await guess()).toBeUndefined();
    await jumps.settled();
    await expect.poll(guess).toBe(true);

    await createOne(client, { name: 'a' });
    expect(await guess()).toBeUndefined();
    await expect
      .poll(() => {
        reader.read();
        return guess();
      })
      .toBe(true);

    // What waits in the outbox of another server is already in the list.
    await database.transaction(undefined, async (connection) => {
      await connection.query('lock table feed_head in exclusive mode');
      await connection.query(`insert into outbox select nextval('revision')`);
      const page = await readGuessedPage(connection, query, jumps.guess(query) ?? noGuess());
      expect(page).toBeUndefined();
      await connection.query('delete from outbox');
    });
    await jumps.stop();
    await reader.stop();
  },
);

function noGuess(): never {
  throw new Error('nothing is known of the list');
}
