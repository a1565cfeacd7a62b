import { User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { canonicalFilter } from '../filter/canonical-filter.ts';
import { filterToPredicate } from '../filter/filter-predicate.ts';
import { parseFilter } from '../filter/parse-filter.ts';
import { liveMessages } from '../testing/live-messages.ts';
import { createFacetCounts } from './facet-counts.ts';
import type { FeedChange } from './feed-change.ts';
import { createFeedLog } from './feed-log.ts';
import { type FollowParts, followFeed } from './follow-feed.ts';
import { createCountGate, createLiveTotal } from './live-total.ts';
import type { Scope } from './scope.ts';
import { createScopeGroup } from './scope-group.ts';

/** A step has so many people at most. */
const stepSize = 500;
/** So much of the feed is read at once. */
const rangeSize = 1000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function creationOf(seq: number): FeedChange {
  const role = seq <= stepSize ? UserRole.ADMIN : UserRole.VIEWER;
  const after = User.create({ id: `user ${seq}`, role, state: UserState.ACTIVE, revision: seq });
  const userId = after.id;
  return { seq, revision: seq, userId, before: undefined, after, afterBytes: User.toBinary(after) };
}

function scopeOf(text: string): Scope {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(`${text} is no filter`);
  const { filter } = parsed;
  return {
    key: canonicalFilter(filter),
    filter,
    showsDeleted: false,
    matches: filterToPredicate(filter),
    toSql: () => 'true',
  };
}

/** Follows a filter from the beginning of a feed of creations: five hundred admins, then viewers. */
async function follow(filter: string, head: number) {
  const changes = Array.from({ length: head }, (_, at) => creationOf(at + 1));
  const log = createFeedLog(0, { changes: 10_000, bytes: 10_000_000 });
  log.append(changes);
  const scope = scopeOf(filter);
  const { signal } = new AbortController();
  const live = createLiveTotal(scope, {
    store: { count: async () => ({ facets: createFacetCounts([]), seq: 0 }) },
    gate: createCountGate(1),
    signal,
    onKnown: () => undefined,
    onError: () => undefined,
  });
  await live.count();
  // The group has come after these changes, so that they are read as a range.
  const group = createScopeGroup(scope, head, live);
  const parts: FollowParts = {
    isDraining: () => false,
    flushedTo: () => head,
    entryAt: (seq) => log.at(seq),
    readRange: async (from, to) => log.after(from, Math.min(to, from + rangeSize)) ?? [],
    onStream: () => undefined,
    sealPosition: ({ seq }) => `token of ${seq}`,
    isPresent: () => true,
    heartbeatMs: 15_000,
    maxAgeMs: 60_000,
    maxBehind: 10_000,
  };
  return liveMessages(followFeed({ scope, query: 'q', from: 0, epoch: 'e', signal }, group, parts));
}

/** What comes until a checkpoint says that nothing more is to come. Each message with people takes its reader longer than checkpoints may be apart. */
async function read(stream: AsyncIterable<Uint8Array>): Promise<readonly string[]> {
  const told: string[] = [];
  for await (const bytes of stream) {
    const event = User.fromBinary(bytes).feed?.event;
    if (event?.oneofKind === 'changes') {
      told.push(`${event.changes.upserts.length} people`);
      vi.advanceTimersByTime(2500);
    }
    if (event?.oneofKind !== 'checkpoint') continue;
    told.push(`${event.checkpoint.resumeToken}, ${event.checkpoint.behind} behind`);
    if (event.checkpoint.behind === 0) break;
  }
  return told;
}

test('a long way has bookmarks, each with what is still to come', async () => {
  expect(await read(await follow('', 1200))).toEqual([
    '500 people',
    'token of 500, 700 behind',
    '500 people',
    'token of 1000, 200 behind',
    '200 people',
    'token of 1200, 0 behind',
  ]);
});

test('a list that was told it is behind is told when it is not, also where the rest does not touch it', async () => {
  expect(await read(await follow('role = ADMIN', 1700))).toEqual([
    '500 people',
    'token of 1000, 700 behind',
    'token of 1700, 0 behind',
  ]);
});
