import { User, UserRole } from '@roster/proto/gen/userservice/v1/user';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Filter } from '../filter/filter.ts';
import { someFilter, someUsers } from '../filter/filter-arbitraries.ts';
import { filterToPredicate } from '../filter/filter-predicate.ts';
import type { Encoded } from '../rpc/context.ts';
import type { FeedChange } from './feed-change.ts';
import type { LiveTotal } from './live-total.ts';
import type { Scope } from './scope.ts';
import { createScopeGroups } from './scope-groups.ts';

function scopeOf(filter: Filter, number: number): Scope {
  return { key: String(number), showsDeleted: false, filter, matches: filterToPredicate(filter), toSql: () => 'true' };
}

/** A total that was counted before the first change. */
function countedAtZero(): LiveTotal {
  let size = 0;
  return {
    get total() {
      return { size, isMinimum: false, facets: [] };
    },
    countedAt: 0,
    apply: (_seq, _user, by) => {
      size += by;
    },
    count: async () => undefined,
    forget: () => undefined,
    abandon: () => undefined,
  };
}

/** Users that change into one another, as a feed tells it. */
const someChanges = someUsers.map((states) => {
  const held = new Map<string, User>();
  return states.map((state, at): FeedChange => {
    const userId = `user ${at % 4}`;
    const after = { ...state, id: userId, revision: at + 1 };
    const change = {
      seq: at + 1,
      revision: at + 1,
      userId,
      before: held.get(userId),
      after,
      afterBytes: User.toBinary(after),
    };
    held.set(userId, after);
    return change;
  });
});

/** Applies a message as a client does. */
function apply(rows: Map<string, number>, message: Encoded | undefined): void {
  if (!message) return;
  const { feed } = User.fromBinary(message);
  if (feed?.event.oneofKind !== 'changes') throw new Error('no changes');
  for (const user of feed.event.changes.upserts) rows.set(user.id, user.revision);
  for (const { id, revision } of feed.event.changes.removals) {
    expect(revision).toBeGreaterThanOrEqual(rows.get(id) ?? 0);
    rows.delete(id);
  }
}

test('whatever the filters, readers that step when they like end with the rows and the total of their scope', () => {
  let shown = 0;
  const property = fc.property(
    someChanges,
    fc.array(someFilter, { minLength: 1, maxLength: 8 }),
    fc.array(fc.nat(4), { minLength: 25, maxLength: 25 }),
    (changes, filters, pauses) => {
      const groups = createScopeGroups();
      const readers = filters.map((filter, number) => {
        const group = groups.add(scopeOf(filter, number), 0, countedAtZero());
        return { group, cursor: 0, rows: new Map<string, number>() };
      });
      const read = (reader: (typeof readers)[number], to: number) => {
        const step = reader.group.stepTo(reader.cursor, to, (seq) => changes[seq - 1]);
        if (!step) throw new Error('forgotten too early');
        apply(reader.rows, step.message);
        reader.cursor = step.to;
      };
      changes.forEach((change, at) => {
        const touched = groups.tell([change]);
        for (const reader of readers) {
          const { matches } = reader.group.scope;
          const concerns = matches(change.after) || (change.before !== undefined && matches(change.before));
          expect(touched.has(reader.group)).toBe(concerns);
        }
        readers.forEach((reader, number) => {
          if ((at + number) % ((pauses[number] ?? 0) + 1) === 0) read(reader, at + 1);
        });
      });
      const last = new Map(changes.map(({ userId, after }) => [userId, after]));
      for (const reader of readers) {
        while (reader.cursor < changes.length) read(reader, changes.length);
        const truth = [...last.values()].filter(reader.group.scope.matches);
        expect(new Map(reader.rows)).toEqual(new Map(truth.map(({ id, revision }) => [id, revision])));
        expect(reader.group.live.total?.size).toBe(truth.length);
        shown += truth.length;
      }
    },
  );
  fc.assert(property, { numRuns: 300, endOnFailure: true });
  expect(shown).toBeGreaterThan(500);
}, 30_000);

test('streams at different places that lack the same changes share one message, and a group forgets what is long past', () => {
  const groups = createScopeGroups();
  const group = groups.add(scopeOf({ kind: 'role', role: UserRole.ADMIN }, 1), 0, countedAtZero());
  const changeAt = (seq: number): FeedChange => {
    const after = User.create({ id: 'a', role: seq % 10 === 0 ? UserRole.ADMIN : UserRole.VIEWER, revision: seq });
    return { seq, revision: seq, userId: 'a', before: undefined, after, afterBytes: User.toBinary(after) };
  };
  groups.tell(Array.from({ length: 15 }, (_, at) => changeAt(at + 1)));
  const [early, late] = [group.stepTo(2, 15, changeAt), group.stepTo(9, 15, changeAt)];
  expect(early?.message).toBeDefined();
  expect(late?.message).toBe(early?.message);
  expect([early?.to, late?.to]).toEqual([15, 15]);
  expect(group.stepTo(10, 15, changeAt)).toEqual({ to: 15, message: undefined });
  groups.tell(Array.from({ length: 10_000 }, (_, at) => changeAt(at + 16)));
  expect(group.stepTo(15, 10_015, changeAt)).toBeUndefined();
  expect(group.stepTo(10_000, 10_015, changeAt)?.message).toBeDefined();
});
