import { User } from '@roster/proto/gen/userservice/v1/user';
import { expect, onTestFinished, test } from 'vitest';
import type { Database } from '../database/database.ts';
import { readTokenKey } from '../database/store-identity.ts';
import { createOne, someone } from '../features/users/testing/user-calls.ts';
import { liveMessages } from '../testing/live-messages.ts';
import { startTestApp } from '../testing/test-app.ts';
import { createFeedStore } from './feed-store.ts';
import type { Scope } from './scope.ts';
import { createTokenSealer } from './sealed-token.ts';
import { createWatchHub, type WatchHub, type WatchHubOptions } from './watch-hub.ts';

const everybody: Scope = {
  key: 'everybody',
  showsDeleted: true,
  filter: { kind: 'all' },
  matches: () => true,
  toSql: () => 'true',
};

/** A hub of its own, which hears no hint. */
async function openHub(database: Database, options: Partial<WatchHubOptions>): Promise<WatchHub> {
  const hub = await createWatchHub({
    store: createFeedStore(database),
    sealer: createTokenSealer(await readTokenKey(database)),
    heartbeatMs: 15_000,
    maxAgeMs: 60_000,
    maxBehind: 1000,
    pollMs: 1000,
    onError: () => undefined,
    ...options,
  });
  onTestFinished(() => hub.stop());
  return hub;
}

test('a stream that reads the store is sent nothing that its server has not been told of, for that may end its rights', async () => {
  const { client, database } = await startTestApp();
  const store = createFeedStore(database);
  const told = await createOne(client, someone());
  await expect.poll(async () => (await store.readHead()).seq).toBeGreaterThan(0);
  const { seq } = await store.readHead();
  // It looks by itself long after the test.
  const hub = await openHub(database, { pollMs: 60_000 });
  const untold = await createOne(client, someone());
  await expect.poll(async () => (await store.readHead()).seq).toBeGreaterThan(seq);

  const { signal } = new AbortController();
  const ids: string[] = [];
  const stream = hub.follow({ scope: everybody, query: 'q', from: seq - 1, epoch: hub.epoch, signal });
  for await (const message of liveMessages(stream)) {
    const event = User.fromBinary(message).feed?.event;
    if (event?.oneofKind === 'changes') ids.push(...event.changes.upserts.map(({ id }) => id));
    if (event?.oneofKind === 'checkpoint') break;
  }
  expect(ids).toContain(told.id);
  expect(ids).not.toContain(untold.id);
});

test('of many lists in which nothing happens each gets its heartbeats, while others come and go', async () => {
  const { database } = await startTestApp();
  const { seq } = await createFeedStore(database).readHead();
  const hub = await openHub(database, { heartbeatMs: 40 });
  const follow = (key: string, signal: AbortSignal) =>
    liveMessages(hub.follow({ scope: { ...everybody, key }, query: key, from: seq, epoch: hub.epoch, signal }), signal);
  const isDone = new AbortController();
  const comeAndGo = async () => {
    for (let number = 0; !isDone.signal.aborted; number += 1)
      for await (const _ of follow(`guest ${number}`, isDone.signal)) break;
  };
  const guests = [comeAndGo(), comeAndGo()];
  const hear = async (key: string) => {
    let heard = 0;
    for await (const message of follow(key, isDone.signal)) {
      if (User.fromBinary(message).feed?.event.oneofKind === 'checkpoint') heard += 1;
      if (heard === 20) return;
    }
  };
  await Promise.all(Array.from({ length: 25 }, (_, number) => hear(`list ${number}`)));
  isDone.abort();
  await Promise.all(guests);
});
