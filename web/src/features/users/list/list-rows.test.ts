import type { User } from '@roster/proto/gen/userservice/v1/user';
import { comparePlaces, type Order, orderKey } from '@roster/proto/order';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FeedRule, feedRule } from './apply-feed-event.ts';
import { createListRows, type ListRows } from './list-rows.ts';
import { planLoad } from './plan-load.ts';
import { type ListSession, pageSize, quiesce, run, schedules, startSession } from './testing/list-session.ts';
import { compareToBound } from './windows.ts';

const orders = fc.constantFrom<Order>(
  { field: 'name', descending: false },
  { field: 'created_at', descending: true },
  { field: 'updated_at', descending: true },
);

/** Each segment must hold exactly the users of the truth between its bounds, in order and as they are now. */
function expectTruth({ store, rows }: ListSession, order: Order): void {
  const { segments } = rows.windows();
  for (const segment of segments) {
    const placeOf = (user: User) => ({ id: user.id, key: orderKey(user, order.field) });
    const inside = store
      .truth()
      .filter(
        (user) =>
          compareToBound(order, placeOf(user), segment.from) >= 0 &&
          compareToBound(order, placeOf(user), segment.to) <= 0,
      );
    expect(segment.rows.map(({ id }) => rows.find(id)?.user)).toEqual(inside);
  }
  for (const [i, segment] of segments.entries()) {
    const before = segments[i - 1];
    if (before && before.to !== 'end' && segment.from !== 'start')
      expect(comparePlaces(order, before.to, segment.from)).toBeLessThan(0);
  }
}

/** Loads like a reader who scrolls slowly through the whole list. */
function scrollThrough(session: ListSession): void {
  const { store, rows } = session;
  const length = store.truth().length;
  rows.setTotal(length);
  for (let first = 0; first < length; first += 1) {
    for (let guard = 0; guard < 20; guard += 1) {
      const plan = planLoad(rows.windows(), { first, last: first + 1 }, length, pageSize);
      if (!plan) break;
      rows.beginPage();
      rows.addPage(plan, store.page(plan.kind === 'after' ? { after: plan.token } : plan, pageSize));
      rows.endPage();
      rows.setTotal(length);
    }
  }
}

/** What is drawn has been told by the feed or by a page, or is the answer to an edit of the row as it has been held since. */
function expectOrigin({ rows, told, answered }: ListSession): void {
  for (const { id } of rows.windows().segments.flatMap((segment) => segment.rows)) {
    const user = rows.find(id)?.user;
    if (user && user.revision > (told.get(id) ?? 0)) expect(answered.get(id)).toBe(user);
  }
}

/** Plays a schedule with a client; throws where it breaks its promises. */
function play(client: (order: Order) => ListRows) {
  return fc.property(orders, schedules, (order, steps) => {
    const session = startSession(order, client(order));
    for (const one of steps) {
      run(session, one);
      expectOrigin(session);
    }
    quiesce(session);
    expectTruth(session, order);
  });
}

test('the rows equal the store wherever they are loaded, whatever came in which order', { timeout: 60_000 }, () => {
  fc.assert(play(createListRows), { numRuns: Number(process.env['FC_RUNS'] ?? 10_000) });
});

test('the rows become the whole list in order when it is scrolled through', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(orders, schedules, (order, steps) => {
      const session = startSession(order, createListRows(order));
      for (const one of steps) run(session, one);
      quiesce(session);
      scrollThrough(session);
      expectTruth(session, order);
      const { length } = session.store.truth();
      // A stretch in which nobody stands any more may be left, behind the last row and nowhere else.
      const [all, ...empty] = session.rows.windows().segments.map(({ rank, rows }) => [rank, rows.length]);
      expect(all).toEqual([0, length]);
      expect(empty).toEqual(empty.map(() => [length, 0]));
    }),
    { numRuns: Number(process.env['FC_RUNS'] ?? 1000) },
  );
});

/** A client whose rule for answers is another one than to lay them over held rows. */
function answering(answer: (rows: ListRows, user: User) => void, rule?: FeedRule) {
  return (order: Order): ListRows => {
    const rows = createListRows(order, rule);
    return { ...rows, answer: (user) => answer(rows, user) };
  };
}

const letIn = (rows: ListRows, user: User) => void rows.applyChanges([user], [], 0);

/** Wrong clients that look right; each must be caught. */
const mutants: Readonly<Record<string, (order: Order) => ListRows>> = {
  "answers are let in by the feed's rule": answering(letIn),
  'answers are let in, also over removals': (order) => {
    let isAnswer = false;
    const isNewUpsert: FeedRule['isNewUpsert'] = (known, revision) =>
      feedRule.isNewUpsert(isAnswer && known?.isRemoved ? undefined : known, revision);
    return answering(
      (rows, user) => {
        isAnswer = true;
        letIn(rows, user);
        isAnswer = false;
      },
      { ...feedRule, isNewUpsert },
    )(order);
  },
  "one's own create is inserted": answering((rows, user) => {
    if (rows.find(user.id)) rows.answer(user);
    else letIn(rows, user);
  }),
  'what was removed is forgotten at once': (order) =>
    createListRows(order, {
      ...feedRule,
      isNewUpsert: (known, revision) => feedRule.isNewUpsert(known?.isRemoved ? undefined : known, revision),
    }),
  'a removal applies only if it is higher': (order) =>
    createListRows(order, {
      ...feedRule,
      isNewRemoval: (known, revision) => known === undefined || revision > known.revision,
    }),
  'an upsert of any revision applies': (order) => createListRows(order, { ...feedRule, isNewUpsert: () => true }),
  'an answer outlives the removal of its row': (order) => {
    const rows = createListRows(order);
    const kept = new Map<string, User>();
    return {
      ...rows,
      answer(user) {
        if (rows.find(user.id)) kept.set(user.id, user);
        rows.answer(user);
      },
      applyChanges(upserts, removals, at) {
        const arrived = rows.applyChanges(upserts, removals, at);
        for (const user of kept.values()) rows.answer(user);
        return arrived;
      },
    };
  },
};

test.each(Object.entries(mutants))('the schedules catch the mutant: %s', { timeout: 60_000 }, (_, mutant) => {
  const { failed, numRuns } = fc.check(play(mutant), { numRuns: 10_000, endOnFailure: true });
  expect(failed, `not caught in ${numRuns} runs`).toBe(true);
});
