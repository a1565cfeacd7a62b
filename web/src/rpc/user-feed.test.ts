import { User } from '@roster/proto/gen/userservice/v1/user';
import { expect, test } from 'vitest';
import { readUserFeed } from './user-feed.ts';

async function* streamOf(...users: readonly User[]) {
  yield* users;
}

async function eventsOf(...users: readonly User[]) {
  const events = [];
  for await (const event of readUserFeed(streamOf(...users))) events.push(event);
  return events;
}

test('a bare user where an envelope was asked for fails the stream, and is never taken for a row', async () => {
  await expect(eventsOf(User.create({ id: 'a', name: 'Ada' }))).rejects.toMatchObject({ code: 'INTERNAL' });
});

test('an event of a newer server is passed on as unknown', async () => {
  const event = User.fromBinary(User.toBinary(User.create({ feed: { event: { oneofKind: undefined } } })));
  expect(await eventsOf(event)).toEqual([{ kind: 'unknown' }]);
});

test('a go-away says whether to read anew, and when to come back', async () => {
  const retryAfter = { seconds: '2', nanos: 500_000_000 };
  const away = (reason: number) =>
    User.create({ feed: { event: { oneofKind: 'goAway', goAway: { reason, retryAfter } } } });
  expect(await eventsOf(away(1), away(4))).toEqual([
    { kind: 'go-away', mustRelist: false, retryAfterMs: 2500 },
    { kind: 'go-away', mustRelist: true, retryAfterMs: 2500 },
  ]);
});

test("a server that says no heartbeat is expected to keep the contract's", async () => {
  const begin = User.create({ feed: { event: { oneofKind: 'begin', begin: { reason: 1 } } } });
  expect(await eventsOf(begin)).toEqual([{ kind: 'begin', total: undefined, heartbeatMs: 15_000 }]);
});
