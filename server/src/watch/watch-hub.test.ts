import { User } from '@roster/proto/gen/userservice/v1/user';
import { expect, onTestFinished, test } from 'vitest';
import { readTokenKey } from '../database/store-identity.ts';
import { createOne, someone } from '../features/users/testing/user-calls.ts';
import { liveMessages } from '../testing/live-messages.ts';
import { startTestApp } from '../testing/test-app.ts';
import { createFeedStore } from './feed-store.ts';
import type { Scope } from './scope.ts';
import { createTokenSealer } from './sealed-token.ts';
import { createWatchHub } from './watch-hub.ts';

const everybody: Scope = {
  key: 'everybody',
  showsDeleted: true,
  filter: { kind: 'all' },
  matches: () => true,
  toSql: () => 'true',
};

test('a stream that reads the store is sent nothing that its server has not been told of, for that may end its rights', async () => {
  const { client, database } = await startTestApp();
  const store = createFeedStore(database);
  const told = await createOne(client, someone());
  await expect.poll(async () => (await store.readHead()).seq).toBeGreaterThan(0);
  const { seq } = await store.readHead();
  // It hears no hint, and looks by itself long after the test.
  const hub = await createWatchHub({
    store,
    sealer: createTokenSealer(await readTokenKey(database)),
    heartbeatMs: 15_000,
    maxAgeMs: 60_000,
    maxBehind: 1000,
    pollMs: 60_000,
    onError: () => undefined,
  });
  onTestFinished(() => hub.stop());
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
