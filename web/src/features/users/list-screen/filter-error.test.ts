import { expect, test } from 'vitest';
import { filterErrorOf, spanIn } from './filter-error.ts';

test("the server's place of a mistake is taken over, and other failures are no mistake in the filter", () => {
  const fields = [{ field: 'filter', message: 'Column 8: expected a role.', reason: 'FILTER_SYNTAX' }];
  const place = { column: 8, length: 3 };
  const message = 'Column 8: expected a role.';
  expect(filterErrorOf({ kind: 'invalid', fields, place, message })).toEqual({ message, place });
  expect(filterErrorOf({ kind: 'invalid', fields: [{ field: 'skip', message: '', reason: '' }], message })).toBe(
    undefined,
  );
  expect(filterErrorOf({ kind: 'timeout', message })).toBe(undefined);
});

test.each([
  ['role = boss', { column: 8, length: 4 }, 'boss'],
  ['   role = boss', { column: 8, length: 4 }, 'boss'],
  ['"👩🏽 ada" role = boss', { column: 17, length: 4 }, 'boss'],
  ['role = (ADMIN', { column: 8, length: 1 }, '('],
])('in “%s” the place %o is “%s”', (typed, place, marked) => {
  const { start, end } = spanIn(typed, place);
  expect(typed.slice(start, end)).toBe(marked);
});

test('what is missing at the end is marked behind it', () => {
  expect(spanIn('role =', { column: 7, length: 0 })).toEqual({ start: 6, end: 6 });
});
