import type { User } from '@roster/proto/gen/userservice/v1/user';
import { comparePlaces, type Order, orderKey } from '@roster/proto/order';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createListRows, type ListRows } from './list-rows.ts';
import { type LoadPlan, planLoad } from './plan-load.ts';
import type { UserPage } from './read-page.ts';
import { createModelStore, type ModelStore } from './testing/model-store.ts';
import { compareToBound } from './windows.ts';

const pageSize = 4;
const ids = Array.from({ length: 24 }, (_, i) => `u${String(i).padStart(2, '0')}`);
const names = ['a', 'B', 'ç', 'd', 'e', 'f', 'g', '𝔥'];
const orders: readonly Order[] = [
  { field: 'name', descending: false },
  { field: 'created_at', descending: true },
  { field: 'updated_at', descending: true },
];

/** One step of a random schedule. The numbers are taken modulo what there is. */
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      id: fc.constantFrom(...ids),
      name: fc.constantFrom(...names),
      isViewer: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), id: fc.constantFrom(...ids) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('read' as const), first: fc.nat({ max: 24 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('lay' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      id: fc.constantFrom(...ids),
      name: fc.constantFrom(...names),
      isViewer: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('trim' as const), first: fc.nat({ max: 24 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('hear' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('replace' as const) }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Session {
  readonly store: ModelStore;
  readonly rows: ListRows;
  position: number;
  /** Answers to one's own edits that are still on their way. */
  readonly answers: User[];
  reading: { readonly plan: LoadPlan; readonly page: UserPage } | undefined;
}

/** A client that has read its first page, of a store that holds some users already. */
function startSession(order: Order): Session {
  const store = createModelStore(order);
  for (const [i, id] of ids.slice(0, 16).entries()) store.put(id, names[i % names.length] ?? '', i % 4 !== 3);
  const rows = createListRows(order);
  rows.replace(store.page({ skip: 0 }, pageSize));
  return { store, rows, position: store.position(), answers: [], reading: undefined };
}

function deliver(session: Session, count: number): void {
  const to = Math.min(session.position + count, session.store.position());
  const { upserts, removals } = session.store.fold(session.position, to);
  session.rows.applyChanges(upserts, removals, 0);
  session.position = to;
}

function read(session: Session, first: number): void {
  const { store, rows } = session;
  const plan = planLoad(rows.windows(), { first, last: first + 3 }, store.truth().length + 4, pageSize);
  if (!plan || session.reading) return;
  rows.beginPage();
  session.reading = { plan, page: store.page(plan.kind === 'after' ? { after: plan.token } : plan, pageSize) };
}

function lay({ rows, reading }: Session): void {
  if (reading) rows.addPage(reading.plan, reading.page);
  rows.endPage();
}

function hear({ rows, answers }: Session): void {
  for (const user of answers.splice(0)) rows.answer(user);
}

function run(session: Session, one: Step): void {
  const { store, rows } = session;
  switch (one.kind) {
    case 'put':
      store.put(one.id, one.name, one.isViewer);
      return;
    case 'remove':
      store.remove(one.id);
      return;
    case 'deliver':
      deliver(session, one.count);
      return;
    case 'read':
      read(session, one.first);
      return;
    case 'lay':
      lay(session);
      session.reading = undefined;
      return;
    case 'answer':
      session.answers.push(store.put(one.id, one.name, one.isViewer));
      return;
    case 'hear':
      hear(session);
      return;
    case 'trim':
      rows.trim({ first: one.first, last: one.first + 3 }, 8);
      return;
    case 'replace':
      session.reading = undefined;
      rows.endPage();
      session.position = store.position();
      rows.replace(store.page({ skip: 0 }, pageSize));
      return;
  }
}

/** Writing stops; everything under way arrives. */
function quiesce(session: Session): void {
  lay(session);
  session.reading = undefined;
  deliver(session, Number.POSITIVE_INFINITY);
  hear(session);
}

/** Each segment must hold exactly the users of the truth between its bounds, in order and as they are now. */
function expectTruth({ store, rows }: Session, order: Order): void {
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
function scrollThrough(session: Session): void {
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

const runs = Number(process.env['FC_RUNS'] ?? 400);

describe.each(orders)('the rows of a list by $field', (order) => {
  test('equal the store wherever they are loaded, whatever came in which order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const session = startSession(order);
        for (const one of steps) run(session, one);
        quiesce(session);
        expectTruth(session, order);
      }),
      { numRuns: runs },
    );
  });

  test('become the whole list in order when it is scrolled through', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const session = startSession(order);
        for (const one of steps) run(session, one);
        quiesce(session);
        scrollThrough(session);
        expectTruth(session, order);
        const { length } = session.store.truth();
        const { segments } = session.rows.windows();
        expect(segments.map(({ rank, rows }) => [rank, rows.length])).toEqual([[0, length]]);
      }),
      { numRuns: runs },
    );
  });
});
