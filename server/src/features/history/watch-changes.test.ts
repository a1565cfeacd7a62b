import { ChangeKind, ListUserChangesRequest } from '@roster/proto/gen/roster/history/v1/history_service';
import { User, UserRole } from '@roster/proto/gen/userservice/v1/user';
import { expect, test } from 'vitest';
import { hostActor } from '../../host/host-actor.ts';
import { anonymous } from '../../rpc/context.ts';
import { createHeldWrites } from '../../testing/held-writes.ts';
import { startTestApp, type TestApp } from '../../testing/test-app.ts';
import { clientOf, createPerson, transportOf } from '../../testing/test-people.ts';
import { createFeedLog } from '../../watch/feed-log.ts';
import { bulkCreate, createOne, remove, someone, update } from '../users/testing/user-calls.ts';
import { readChangeQuery } from './change-query.ts';
import { historyOf, watchHistory } from './testing/history-calls.ts';
import { watchChanges } from './watch-changes.ts';

/** The revisions of changes in the order in which they joined the feed. */
async function feedOf({ database }: TestApp, condition = 'true'): Promise<number[]> {
  const rows = await database.run(undefined, (connection) =>
    connection.query<{ revision: number }>(
      `select revision from feed f join changes c using (revision) where ${condition} order by f.seq`,
    ),
  );
  return rows.map(({ revision }) => revision);
}

test('under writers, on two servers, a watch brings each change once, in the order of the feed, and misses none', async () => {
  const app = await startTestApp();
  const other = await startTestApp({ databaseUrl: app.databaseUrl, token: app.token });
  const users = await Promise.all(Array.from({ length: 6 }, () => createOne(app.client)));
  const one = users[0]?.id ?? '';
  const watches = [
    { watch: watchHistory(historyOf(app), { pageSize: 200 }), condition: 'true' },
    { watch: watchHistory(historyOf(other), { pageSize: 200 }), condition: 'true' },
    { watch: watchHistory(historyOf(other), { pageSize: 200, userId: one }), condition: `c.user_id = '${one}'` },
    { watch: watchHistory(historyOf(app), { pageSize: 200, path: 'name' }), condition: `'name' = any(c.paths)` },
    {
      watch: watchHistory(historyOf(app), { pageSize: 200, kind: ChangeKind.CREATED }),
      condition: `c.kind = 'created'`,
    },
  ];
  const writing = users.flatMap(({ id }, index) =>
    [app, other].map(async ({ client }) => {
      for (let round = 0; round < 15; round += 1) {
        await update(client, { id, user: User.create({ name: `N${index}-${round}`, role: (round % 3) + 1 }) });
      }
    }),
  );
  const loading = bulkCreate(
    app.client,
    Array.from({ length: 700 }, () => someone()),
  );
  // More open while it goes on, so that their first page stands in the middle of it.
  for (let late = 0; late < 4; late += 1) {
    await createOne(app.client);
    watches.push({ watch: watchHistory(historyOf(late % 2 ? app : other), { pageSize: 200 }), condition: 'true' });
  }
  await Promise.all([...writing, loading]);
  // By its own turn in the feed, whoever has this one has had all before.
  const last = await update(app.client, { id: one, user: User.create({ name: 'Last' }) });
  await createOne(app.client);
  const newest = Math.max(...(await feedSettled(app)));
  for (const { watch, condition } of watches) {
    const expected = await feedOf(app, condition);
    const target = expected.includes(newest) ? newest : expected.includes(last.revision) ? last.revision : -1;
    await watch.until(() => target === -1 || watch.changes().some(({ revision }) => revision === target));
    const page = new Set(watch.messages[0]?.changes.map(({ revision }) => revision));
    const live = watch.messages.slice(1).flatMap(({ changes }) => changes.map(({ revision }) => revision));
    // What is older than the page is left out of both; all that joined the feed after it has come live.
    const pageEnd = expected.findLastIndex((revision) => page.has(revision));
    expect(live).toEqual(expected.slice(pageEnd + 1));
    expect(live.length).toBeGreaterThan(0);
  }
}, 60_000);

/** All revisions of the feed, once nothing waits to join it. */
async function feedSettled(app: TestApp): Promise<number[]> {
  await expect
    .poll(() => app.database.run(undefined, (connection) => connection.query('select 1 from outbox')))
    .toEqual([]);
  return feedOf(app);
}

test('a change that was committed late comes in its turn, although its revision is an older one', async () => {
  const app = await startTestApp();
  const caller = { ...anonymous, ...hostActor };
  const writes = createHeldWrites(app.database, caller, 'Held', 2);
  await writes.write(0, UserRole.VIEWER, { isHeld: true, isDeleted: false });
  await writes.write(1, UserRole.VIEWER, { isHeld: false, isDeleted: false });
  const watch = watchHistory(historyOf(app));
  await watch.until(() => watch.changes().length === 1);
  await writes.commitAll();
  await watch.until(() => watch.changes().length === 2);
  const [first, second] = watch.changes();
  expect(second?.revision).toBeLessThan(first?.revision ?? 0);
});

test('a change that is not in the feed yet is not in the first page of a watch, but follows at once', async () => {
  const app = await startTestApp();
  await createOne(app.client);
  await feedSettled(app);
  // Keeps the sequencer waiting.
  await app.database.transaction(undefined, async (connection) => {
    await connection.query('select from feed_head for update');
    await createOne(app.client, { name: 'Waiting' });
    const watch = watchHistory(historyOf(app));
    await watch.open;
    expect(watch.changes().map(({ userName }) => userName)).toEqual(['Some One']);
    await connection.query('commit');
    await watch.until(() => watch.changes().length === 2);
    expect(watch.changes()[1]?.userName).toBe('Waiting');
  });
});

test('who is erased is named to whoever watches, and the watch goes on', async () => {
  const app = await startTestApp();
  const ada = await createPerson(app.database, { role: UserRole.ADMIN });
  const { id } = await createOne(app.client, { name: 'Gone' });
  const watches = ['', id, ada.user.id].map((userId) => watchHistory(historyOf(app), { userId }));
  await Promise.all(watches.map(({ open }) => open));
  await remove(app.client, id);
  // Whoever has seen this is past everything that is about to be forgotten; who is behind would have to come again.
  await update(app.client, { id: ada.user.id, user: User.create({ name: 'Later' }) });
  const [all, theirs, hers] = watches;
  await all?.until(() => all.changes().some(({ userName }) => userName === 'Later'));
  await theirs?.until(() => theirs.changes().some(({ kind }) => kind === ChangeKind.DELETED));
  await hers?.until(() => hers.changes().some(({ userName }) => userName === 'Later'));
  await clientOf(ada, app).purgeUser({ id }).response;
  for (const watch of watches) {
    await watch.until(() => watch.messages.some(({ erasedUserIds }) => erasedUserIds.includes(id)));
  }
  const next = await createOne(app.client, { name: 'Next' });
  await all?.until(() => all.changes().some(({ userId }) => userId === next.id));
});

test('a watch that cannot go on without a gap still names who was erased in it before it ends', async () => {
  const app = await startTestApp();
  const ada = await createPerson(app.database, { role: UserRole.ADMIN });
  const from = await headOf(app);
  const { id } = await createOne(app.client, { name: 'Gone' });
  await remove(app.client, id);
  await clientOf(ada, app).purgeUser({ id }).response;
  await feedSettled(app);
  const to = await headOf(app);
  // A stream that its reader has kept waiting, which no test can do on cue: it takes its next step only now.
  const feedSteps = {
    tell: () => undefined,
    async *follow() {
      yield to;
    },
  };
  const log = createFeedLog(from, { changes: 1, bytes: 1 });
  const parts = { database: app.database, feedSteps, feedLog: () => log, heartbeatMs: 60_000 };
  const erased: string[] = [];
  const { filter } = readChangeQuery(ListUserChangesRequest.create());
  for await (const message of watchChanges(parts, filter, { from, log, signal: new AbortController().signal })) {
    erased.push(...message.erasedUserIds);
  }
  expect(erased).toEqual([id]);
});

async function headOf({ database }: TestApp): Promise<number> {
  const [head] = await database.run(undefined, (connection) =>
    connection.query<{ seq: number }>('select seq from feed_head'),
  );
  return head?.seq ?? 0;
}

test('a watch ends in order when the server stops, and with its caller’s rights', async () => {
  const app = await startTestApp();
  const ada = await createPerson(app.database, { name: 'Ada', role: UserRole.ADMIN });
  const bob = await createPerson(app.database, { name: 'Bob', role: UserRole.ADMIN });
  const hers = watchHistory(historyOf({ transport: transportOf(ada, app) }));
  const his = watchHistory(historyOf({ transport: transportOf(bob, app) }));
  await Promise.all([hers.open, his.open]);
  await update(app.client, { id: ada.user.id, user: User.create({ role: UserRole.VIEWER }) });
  expect(await hers.ended).toBe('PERMISSION_DENIED');
  // She is not told of what ended it, nor of anything behind.
  expect(hers.changes().some(({ kind }) => kind === ChangeKind.UPDATED)).toBe(false);
  await his.until(() => his.changes().some(({ kind }) => kind === ChangeKind.UPDATED));
  await app.app.stop();
  expect(await his.ended).toBe('OK');
});

test('a watch whose place in the feed is no longer kept ends in order rather than with a gap', async () => {
  const app = await startTestApp();
  const watch = watchHistory(historyOf(app));
  await watch.open;
  await app.database.run(undefined, (connection) =>
    connection.query('update feed_head set seq = seq + 5, floor = seq + 5'),
  );
  await createOne(app.client);
  expect(await watch.ended).toBe('OK');
});
