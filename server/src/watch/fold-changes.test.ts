import { User, UserRole } from '@roster/proto/gen/userservice/v1/user';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FeedChange, isChange } from './feed-change.ts';
import { type Folded, foldChanges, type Judgement } from './fold-changes.ts';

/** A store of a few users whose changes commit in another order than their revisions were drawn, with readers that snapshot and follow. */
const ids = ['a', 'b', 'c'];
type Fold = typeof foldChanges;

const limits = { ids: 500, bytes: 64 * 1024 };
const isVisible = (user: User) => !user.deletedAt && user.role === UserRole.ADMIN;
const judge = (change: FeedChange): Judgement => ({
  before: change.before !== undefined && isVisible(change.before),
  after: isVisible(change.after),
});

type Action =
  | { readonly kind: 'write'; readonly id: string; readonly visible: boolean }
  | { readonly kind: 'sequence' }
  | { readonly kind: 'read'; readonly upTo: number }
  | { readonly kind: 'relist' };

const action = fc.oneof<fc.Arbitrary<Action>[]>(
  fc.record({ kind: fc.constant('write'), id: fc.constantFrom(...ids), visible: fc.boolean() }),
  fc.record({ kind: fc.constant('write'), id: fc.constantFrom(...ids), visible: fc.boolean() }),
  fc.record({ kind: fc.constant('sequence') }),
  fc.record({ kind: fc.constant('read'), upTo: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ kind: fc.constant('relist') }),
);

/** Plays a schedule and says whether the reader ends with the rows of the store. */
function converges(actions: readonly Action[], fold: Fold): boolean {
  const store = new Map<string, User>();
  const outbox: Omit<FeedChange, 'seq'>[] = [];
  const feed: FeedChange[] = [];
  let rows = new Map<string, number>();
  let removed = new Map<string, number>();
  let cursor = 0;
  let revision = 0;

  const sequence = () => {
    for (const change of outbox.splice(0)) feed.push({ ...change, seq: feed.length + 1 });
  };
  const relist = () => {
    rows = new Map([...store.values()].filter(isVisible).map((user) => [user.id, user.revision]));
    removed = new Map();
    cursor = feed.length;
  };
  const read = (upTo: number) => {
    const range = feed.slice(cursor, cursor + upTo);
    if (range.length === 0) return;
    const { upserts, removals, to } = fold(range, judge, limits);
    for (const { userId, revision } of upserts) {
      if (revision > Math.max(rows.get(userId) ?? 0, removed.get(userId) ?? 0)) rows.set(userId, revision);
    }
    for (const { id, revision } of removals) {
      if (revision < (rows.get(id) ?? 0)) continue;
      rows.delete(id);
      removed.set(id, revision);
    }
    cursor = to;
  };

  for (const step of actions) {
    switch (step.kind) {
      case 'write': {
        revision += 1;
        const before = store.get(step.id);
        const role = step.visible ? UserRole.ADMIN : UserRole.VIEWER;
        const after = User.create({ id: step.id, role, revision });
        store.set(step.id, after);
        outbox.push({ revision, userId: step.id, before, after, afterBytes: new Uint8Array(10) });
        break;
      }
      case 'sequence':
        sequence();
        break;
      case 'read':
        read(step.upTo);
        break;
      case 'relist':
        relist();
    }
  }
  sequence();
  while (cursor < feed.length) read(feed.length);
  const truth = [...store.values()].filter(isVisible).map((user) => `${user.id}@${user.revision}`);
  return (
    [...rows]
      .map(([id, held]) => `${id}@${held}`)
      .sort()
      .join() === truth.sort().join()
  );
}

const schedules = fc.array(action, { maxLength: 60 });

test('whatever is written, sequenced, read and listed in whatever order, a reader ends with the rows of the store', () => {
  fc.assert(
    fc.property(schedules, (actions) => converges(actions, foldChanges)),
    { numRuns: 3000 },
  );
});

/** Wrong folds that look right; each must be caught. */
const mutants: Readonly<Record<string, Fold>> = {
  'only the first before counts': (changes, judge, limits) => {
    const seen = new Set<string>();
    return foldChanges(
      changes,
      (change) => {
        const judgement = judge(change);
        const isFirst = !seen.has(change.userId);
        seen.add(change.userId);
        return { ...judgement, before: isFirst && judgement.before };
      },
      limits,
    );
  },
  'only the last before counts': (changes, judge, limits) => {
    const lastOf = new Map(changes.filter(isChange).map((change) => [change.userId, change.seq]));
    return foldChanges(
      changes,
      (change) => ({ ...judge(change), before: judge(change).before && lastOf.get(change.userId) === change.seq }),
      limits,
    );
  },
  'removals are left out': (changes, judge, limits): Folded => ({
    ...foldChanges(changes, judge, limits),
    removals: [],
  }),
  'the first after of a user is sent': (changes, judge, limits) => {
    const folded = foldChanges(changes, judge, limits);
    const firstOf = (userId: string) => changes.filter(isChange).find((change) => change.userId === userId);
    return { ...folded, upserts: folded.upserts.map((change) => firstOf(change.userId) ?? change) };
  },
  'a user that ends outside is forgotten': (changes, judge, limits): Folded => {
    const folded = foldChanges(changes, judge, limits);
    return {
      ...folded,
      removals: folded.removals.filter(
        ({ id }) => changes.filter(isChange).filter((change) => change.userId === id).length < 2,
      ),
    };
  },
};

test.each(Object.entries(mutants))('the schedules catch the mutant: %s', (_, mutant) => {
  const result = fc.check(
    fc.property(schedules, (actions) => converges(actions, mutant)),
    { numRuns: 5000 },
  );
  expect(result.failed).toBe(true);
});

test('a fold stops before it grows too large, and goes on from there', () => {
  const changes = Array.from({ length: 10 }, (_, index): FeedChange => {
    const after = User.create({ id: `u${index}`, role: UserRole.ADMIN });
    return {
      seq: index + 1,
      revision: index + 1,
      userId: after.id,
      before: undefined,
      after,
      afterBytes: new Uint8Array(100),
    };
  });
  expect(foldChanges(changes, judge, { ids: 4, bytes: 10_000 })).toMatchObject({ to: 4, upserts: { length: 4 } });
  expect(foldChanges(changes, judge, { ids: 500, bytes: 250 })).toMatchObject({ to: 2, upserts: { length: 2 } });
  expect(foldChanges(changes, judge, { ids: 500, bytes: 10 })).toMatchObject({ to: 1, upserts: { length: 1 } });
});
