import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Database } from '../database/database.ts';
import { readTokenKey } from '../database/store-identity.ts';
import { createJumps } from '../features/users/jumps.ts';
import { listUsers } from '../features/users/list-users.ts';
import { untilAborted } from '../rpc/lifetime.ts';
import { operator } from '../rpc/test-server.ts';
import { createHeldWrites } from '../testing/held-writes.ts';
import { openPacedReader, type PacedReader, type ReaderState } from '../testing/paced-reader.ts';
import { openTestDatabase } from '../testing/test-database.ts';
import { type FeedEntry, isChange, isPurge } from './feed-change.ts';
import { createFeedStore, type FeedStore } from './feed-store.ts';
import { createTokenSealer } from './sealed-token.ts';
import { createWatchHub, type WatchHub } from './watch-hub.ts';

const caller = operator;
const userCount = 5;
/** A reader that has not been told of a change for so long never will be. */
const silenceMs = 20_000;
const user = fc.nat({ max: userCount - 1 });
const role = fc.constantFrom(UserRole.ADMIN, UserRole.VIEWER);
const reader = fc.nat({ max: 2 });

/** One step of a random schedule. Writes that are held keep their transaction open, so that they commit in another order than their revisions were drawn. */
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      user,
      role,
      isHeld: fc.boolean(),
      isDeleted: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('commit' as const), which: fc.nat({ max: 9 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('sequence' as const),
      batch: fc.integer({ min: 1, max: 4 }),
      isHeard: fc.boolean(),
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({ kind: fc.constant('read' as const), reader, messages: fc.integer({ min: 1, max: 6 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const), reader }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('bookmark' as const), reader }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('purge' as const), user }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('compact' as const), keep: fc.nat({ max: 4 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What every schedule of a run begins and ends with. */
interface Frame {
  readonly before: readonly Step[];
  readonly after: readonly Step[];
}

const lists = [
  { filter: '', showDeleted: false, condition: 'deleted_at is null' },
  { filter: ' AND role = ADMIN', showDeleted: false, condition: 'deleted_at is null and role = 1' },
  { filter: ' AND role = ADMIN', showDeleted: true, condition: 'role = 1' },
] as const;

/** Waits until the hub has read all that has a place in the feed. */
async function untilHeard(hub: WatchHub, store: FeedStore): Promise<void> {
  const { seq } = await store.readHead();
  await expect.poll(() => hub.log().head, { interval: 1 }).toBeGreaterThanOrEqual(seq);
}

async function openHub(database: Database, wrap: (store: FeedStore) => FeedStore) {
  const store = wrap(createFeedStore(database));
  const sealer = createTokenSealer(await readTokenKey(database));
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  // So few that a reader that does not read is told to list anew.
  const hub = await createWatchHub({
    store,
    sealer,
    heartbeatMs: 1000,
    maxAgeMs: 60_000,
    maxBehind: 12,
    pollMs: 50,
    onError,
  });
  const jumps = createJumps({ database, log: hub.log, onError });
  const handle = listUsers({ database, hub, jumps, sealer, heartbeatMs: 1000 });
  const stop = async () => {
    await jumps.stop();
    await hub.stop();
  };
  return { store, hub, handle, errors, stop };
}

/** A reader of deleted users sees one, who is erased at the end, unless what happens between prevents it: by chance alone that is rare. */
const seenAndErased: Frame = {
  before: [
    { kind: 'read', reader: 2, messages: 2 },
    { kind: 'write', user: 0, role: UserRole.ADMIN, isHeld: false, isDeleted: true },
    { kind: 'sequence', batch: 4, isHeard: true },
    { kind: 'read', reader: 2, messages: 6 },
  ],
  after: [{ kind: 'purge', user: 0 }],
};

/** A reader of those who are not deleted sees somebody who is erased right after their deletion, before any server was told of that. */
const deletedAndErased: Frame = {
  before: [
    { kind: 'read', reader: 1, messages: 2 },
    { kind: 'write', user: 0, role: UserRole.ADMIN, isHeld: false, isDeleted: false },
    { kind: 'sequence', batch: 4, isHeard: true },
    { kind: 'read', reader: 1, messages: 6 },
  ],
  after: [
    { kind: 'write', user: 0, role: UserRole.ADMIN, isHeld: false, isDeleted: true },
    { kind: 'purge', user: 0 },
  ],
};

/** As much on a slow machine as on a fast one. One play in two or three catches a mutant. */
const plays = Number(process.env['FC_RUNS'] ?? 100);

/** Plays schedules, each with users of its own, on one database. */
async function playSchedules(
  wrap: (store: FeedStore) => FeedStore,
  numRuns = plays,
  frame: Frame = { before: [], after: [] },
) {
  const { database } = await openTestDatabase({ maxConnections: 16 });
  let runs = 0;

  async function play(steps: readonly Step[]): Promise<void> {
    runs += 1;
    const name = `run${runs}x`;
    const { store, hub, handle, errors, stop } = await openHub(database, wrap);
    const writer = createHeldWrites(database, caller, name, userCount);
    const open = (list: (typeof lists)[number], start?: ReaderState) =>
      openPacedReader(
        handle,
        ListUsersRequest.create({ watch: true, filter: `name:"${name}"${list.filter}`, showDeleted: list.showDeleted }),
        caller,
        start,
      );
    const readers: { readonly list: (typeof lists)[number]; readonly reader: PacedReader }[] = lists.map((list) => ({
      list,
      reader: open(list),
    }));
    const bookmarks: { readonly list: (typeof lists)[number]; readonly state: ReaderState }[] = [];

    async function run(one: Step): Promise<void> {
      switch (one.kind) {
        case 'write':
          return writer.write(one.user, one.role, one);
        case 'commit':
          return writer.commit(one.which);
        case 'sequence':
          await store.advance(one.batch);
          hub.hint();
          if (one.isHeard) await untilHeard(hub, store);
          return;
        case 'read':
          return readers[one.reader]?.reader.allow(one.messages);
        case 'cut':
          return readers[one.reader]?.reader.cut();
        case 'bookmark': {
          const { list, reader } = readers[one.reader] ?? {};
          const state = reader?.bookmark();
          if (list && state) bookmarks.push({ list, state });
          return;
        }
        case 'purge':
          return writer.purge(one.user);
        case 'compact':
          return store.trim(one.keep);
      }
    }

    try {
      for (const one of steps) await run(one);
      for (const { list, state } of bookmarks) readers.push({ list, reader: open(list, state) });
      await writer.commitAll();
      const { id, revision } = await writer.mark(UserRole.ADMIN);
      while ((await store.advance(1000)) > 0);
      hub.hint();
      for (const { list, reader } of readers) {
        reader.allow(Number.POSITIVE_INFINITY);
        const told = Promise.race([reader.until(id, revision), reader.failure]);
        await untilAborted(told, AbortSignal.timeout(silenceMs));
        expect(sorted(reader.rows())).toEqual(sorted(await writer.truth(list.condition)));
      }
      expect(errors).toEqual([]);
    } finally {
      await writer.commitAll();
      await Promise.all(readers.map(({ reader }) => reader.close()));
      await stop();
    }
  }

  const property = fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), (steps) =>
    play([...frame.before, ...steps, ...frame.after]),
  );
  const result = await fc.check(property, { numRuns, endOnFailure: true });
  return { failed: result.failed, report: fc.defaultReportMessage(result) };
}

const timeout = 240_000;

test('whatever is written, committed, sequenced, read, cut, erased and compacted in whatever order, every reader and every bookmark ends with the rows of the store', {
  timeout,
}, async () => {
  const { failed, report } = await playSchedules((store) => store);
  expect(failed, report).toBe(false);
});

/** Wrong stores below the hub that look right; each must be caught. */
const mutants: Readonly<Record<string, (store: FeedStore) => FeedStore>> = {
  'what a user was before its change is lost now and then': (store) => ({
    ...store,
    async readAfter(seq, limit, signal) {
      const changes = await store.readAfter(seq, limit, signal);
      return changes.map((change) => (change.seq % 3 === 0 ? { ...change, before: undefined } : change));
    },
  }),
  'an update is told as the change before it': (store) => ({
    ...store,
    async readAfter(seq, limit, signal) {
      const changes = await store.readAfter(seq, limit, signal);
      return changes.map((change, index) => ({
        ...((isChange(change) && change.before && changes[index - 1]) || change),
        seq: change.seq,
      }));
    },
  }),
};

test.each(Object.entries(mutants))('the schedules catch the mutant: %s', { timeout }, async (_, mutant) => {
  expect((await playSchedules(mutant)).failed).toBe(true);
});

/** The same of those that are wrong about who was erased, in schedules where somebody is. */
const purgeMutants: Readonly<Record<string, readonly [Frame, (store: FeedStore) => FeedStore]>> = {
  'nobody is told who was erased': [
    seenAndErased,
    (store) => ({
      ...store,
      async readAfter(seq, limit, signal) {
        const changes = await store.readAfter(seq, limit, signal);
        return changes.map((change) => (isPurge(change) ? nothing(change.seq) : change));
      },
    }),
  ],
  'what was forgotten is passed over in silence': [
    deletedAndErased,
    (store) => ({
      ...store,
      async readAfter(seq, limit, signal) {
        const changes = await store.readAfter(seq, limit, signal);
        const missing = Math.max(0, (changes[0]?.seq ?? 0) - seq - 1);
        return [...Array.from({ length: missing }, (_, at) => nothing(seq + 1 + at)), ...changes];
      },
    }),
  ],
};

test.each(Object.entries(purgeMutants))('the schedules catch the mutant: %s', { timeout }, async (_, parts) => {
  const [frame, mutant] = parts;
  expect((await playSchedules(mutant, plays, frame)).failed).toBe(true);
  expect((await playSchedules((store) => store, 10, frame)).failed).toBe(false);
});

/** An entry that is about nobody. */
function nothing(seq: number): FeedEntry {
  return {
    seq,
    revoked: { userId: undefined, sparedSessionId: undefined, sessionId: undefined, tokenId: undefined },
  };
}

function sorted(rows: ReadonlyMap<string, number>): string[] {
  return [...rows].map(([id, revision]) => `${id}@${revision}`).sort();
}
