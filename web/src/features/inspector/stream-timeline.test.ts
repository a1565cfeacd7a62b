import { User, type UserFeed } from '@roster/proto/gen/userservice/v1/user';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import { recordCall } from './inspector-testing.ts';
import { streamTimeline } from './stream-timeline.ts';

const envelope = (event: UserFeed['event']) => User.toBinary(User.create({ feed: { event } }));
const begin = envelope({
  oneofKind: 'begin',
  begin: {
    total: { size: 1204, isMinimum: false, facets: [] },
    heartbeatInterval: { seconds: '2', nanos: 0 },
    reason: 1,
  },
});
const changes = envelope({ oneofKind: 'changes', changes: { upserts: [User.create({ id: 'a' })], removals: [] } });
const checkpoint = envelope({ oneofKind: 'checkpoint', checkpoint: { resumeToken: 't', behind: 0 } });

/** Frames, each after a pause. */
function stream(...frames: readonly (readonly [afterMs: number, bytes: Uint8Array])[]) {
  const recorded = recordCall('ListUsers', ListUsersRequest, ListUsersRequest.create({ watch: true }));
  for (const [afterMs, bytes] of frames) {
    recorded.pass(afterMs);
    recorded.watch.arrived('message', bytes);
  }
  return recorded.call;
}

test('each frame says what it is, and how long the stream was silent before it', () => {
  const entries = streamTimeline(stream([12, begin], [3, changes], [1, checkpoint], [2000, checkpoint]));
  expect(entries.map(({ note, sinceMs }) => [note.kind, note.words, sinceMs])).toEqual([
    ['begin', 'total 1,204, heartbeat every 2.0 s', 12],
    ['changes', '1 upsert', 3],
    ['checkpoint', '', 1],
    ['heartbeat', '', 2000],
  ]);
});

test('a silence is a gap once it is half as long again as the heartbeat that the stream announced', () => {
  const entries = streamTimeline(stream([1, begin], [2999, checkpoint], [3001, checkpoint], [14_000, changes]));
  expect(entries.map(({ isAfterGap }) => isAfterGap)).toEqual([false, false, true, true]);
});

test('a frame that had to make room or cannot be read keeps its place', () => {
  const call = stream([1, begin], [1, changes], [1, Uint8Array.of(0xff)]);
  for (const frame of call.frames.slice(0, 1)) frame.bytes = undefined;
  expect(streamTimeline(call).map(({ note }) => note.kind)).toEqual(['dropped', 'changes', 'unreadable']);
});
