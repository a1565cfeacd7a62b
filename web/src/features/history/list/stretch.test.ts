import { UserChange } from '@roster/proto/gen/roster/history/v1/history_service';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addChanges, appendPage, countArrivals, eraseUsers, keepKnown, type Stretch } from './stretch.ts';

const change = (revision: number) => UserChange.create({ revision, userId: `u${revision % 3}` });
const stretch = (revisions: readonly number[], nextPageToken = ''): Stretch => ({
  changes: revisions.map(change),
  nextPageToken,
});
const revisionsOf = ({ changes }: Stretch) => changes.map(({ revision }) => revision);

test('of what is held that stays which a newer page has too, and what the page has below it', () => {
  expect(keepKnown(stretch([5, 4, 3], 'old'), stretch([9, 5, 3, 2], 'new'))).toEqual(stretch([5, 3, 2], 'new'));
  expect(keepKnown(stretch([5, 4, 3, 2], 'old'), stretch([9, 7, 4], 'new'))).toEqual(stretch([4], 'new'));
});

test('nothing stays of what a newer page does not meet', () => {
  expect(keepKnown(stretch([5, 4], 'old'), stretch([9, 7], 'new'))).toBeUndefined();
  expect(keepKnown(stretch([5, 4], 'old'), stretch([9, 3]))).toBeUndefined();
});

test('a live change goes to its place by revision, once, and not below what is held', () => {
  const held = stretch([9, 5], 't');
  expect(revisionsOf(addChanges(held, [change(7), change(10), change(9)]))).toEqual([10, 9, 7, 5]);
  expect(addChanges(held, [change(4)])).toBe(held);
  expect(revisionsOf(addChanges(stretch([9, 5]), [change(4)]))).toEqual([9, 5, 4]);
});

test('the page that follows is appended, without what came live meanwhile', () => {
  expect(appendPage(stretch([9, 5], 't'), stretch([5, 4], 'u'))).toEqual(stretch([9, 5, 4], 'u'));
});

test('erased people take all their changes along', () => {
  expect(revisionsOf(eraseUsers(stretch([6, 5, 4, 3]), ['u0']))).toEqual([5, 4]);
});

test('arrivals are what stands above or between, not what is older', () => {
  expect(countArrivals(stretch([9, 5], 't'), stretch([11, 10, 9, 7, 5, 4, 3], 'u'))).toBe(3);
});

test('whatever comes live, in any order, in a page or both, the list is that of the store down to its end', () => {
  const revisions = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 10, maxLength: 40 });
  fc.assert(
    fc.property(revisions, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 2, max: 8 }), (order, count, pageSize) => {
      // The first `count` are in the store when the page is read; the others join one by one, in any order of revisions.
      const store = order.slice(0, count).sort((a, b) => b - a);
      const page = store.slice(0, pageSize);
      let held = stretch(page, store.length > pageSize ? 't' : '');
      const seen = [...store];
      for (const next of order.slice(count)) {
        held = addChanges(held, [change(next)]);
        seen.push(next);
        seen.sort((a, b) => b - a);
        const bottom = held.nextPageToken === '' ? 0 : (held.changes.at(-1)?.revision ?? 0);
        expect(revisionsOf(held)).toEqual(seen.filter((revision) => revision >= bottom));
        if (next % 4 === 0) held = stretch(seen.slice(0, pageSize), seen.length > pageSize ? 'x' : '');
      }
    }),
  );
});
