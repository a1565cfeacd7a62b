import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Filter } from './filter.ts';
import { someFilter, someUsers } from './filter-arbitraries.ts';
import { createFilterIndex } from './filter-index.ts';
import { subjectPredicate } from './filter-predicate.ts';
import { subjectOf } from './filter-subject.ts';

test('the index finds the filters that a user matches, each once, while filters come and go', () => {
  let [found, missed] = [0, 0];
  const filters = fc.array(someFilter, { minLength: 1, maxLength: 120, size: 'max' });
  const leavers = fc.array(fc.nat(), { maxLength: 60, size: 'max' });
  const property = fc.property(filters, leavers, filters, someUsers, (first, leaving, second, users) => {
    const index = createFilterIndex<Filter>();
    const there = new Map<Filter, () => void>();
    const add = (filter: Filter) => {
      const own = { ...filter };
      there.set(own, index.add(own, own));
    };
    for (const filter of first) add(filter);
    for (const number of leaving) {
      const [filter, remove] = [...there][number % there.size] ?? [];
      if (!filter || there.size < 2) continue;
      remove?.();
      there.delete(filter);
    }
    for (const filter of second) add(filter);
    expect(index.size).toBe(there.size);
    for (const user of users) {
      const subject = subjectOf(user);
      const answer: Filter[] = [];
      index.match(subject, (filter) => answer.push(filter));
      const truth = [...there.keys()].filter((filter) => subjectPredicate(filter)(subject));
      expect(new Set(answer)).toEqual(new Set(truth));
      expect(answer.length).toBe(truth.length);
      found += answer.length;
      missed += there.size - answer.length;
    }
  });
  fc.assert(property, { numRuns: 150, endOnFailure: true });
  // Answers that hardly ever differ would prove nothing.
  expect(Math.min(found, missed)).toBeGreaterThan(5000);
}, 60_000);
