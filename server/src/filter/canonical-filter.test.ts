import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalFilter } from './canonical-filter.ts';
import { type Filter, matchAll } from './filter.ts';
import { someFilter, someText, someUsers } from './filter-arbitraries.ts';
import { filterToPredicate } from './filter-predicate.ts';
import { parseFilter } from './parse-filter.ts';

function parsed(text: string): Filter {
  const result = parseFilter(text);
  if (!result.ok) throw new Error(`${result.message} in ${text}`);
  return result.filter;
}

test.each([
  ['role = ADMIN AND state = ACTIVE', '( STATE:active ) and role="user_role_admin"'],
  ['name = "Ann Smith"', "name='ANN SMITH'"],
  ['name = Zoë', 'name = "zoe\u0308"'],
  ['name:ann', 'name = "*Ann*"'],
  ['role != VIEWER', '-role = VIEWER'],
  ['NOT (a OR b)', '-(b OR (a OR a))'],
  ['a b', 'b AND a AND b'],
  ['created_at > 2024-01-01', 'createdAt>"2024-01-01T02:00:00+02:00"'],
  ['metadata.team:*', 'metadata:team'],
  ['metadata.team = x', 'metadata."team" = "x"'],
  ['', '  '],
])('%s and %s share a key', (one, other) => {
  expect(canonicalFilter(parsed(other))).toBe(canonicalFilter(parsed(one)));
});

test.each([
  ['a AND b OR c', '(a AND b) OR c'],
  ['tags:vip', 'tags:VIP'],
  ['address.city = Bonn', 'address.city = bonn'],
  ['name = "a*"', 'name = "a\\*"'],
  ['name = ""', 'name = *'],
  ['created_at > 2024-01-01', 'created_at >= 2024-01-01'],
  ['metadata.a = x', 'metadata.A = x'],
  ['a', '""'],
  ['', '""'],
])('%s and %s do not share a key', (one, other) => {
  expect(canonicalFilter(parsed(other))).not.toBe(canonicalFilter(parsed(one)));
});

test('matching all has the empty key', () => {
  expect(canonicalFilter(matchAll)).toBe('');
});

test('what is written is read back as the same filter', () => {
  const isReadBack = (filter: Filter) => {
    const text = canonicalFilter(filter);
    expect(canonicalFilter(parsed(text))).toBe(text);
  };
  fc.assert(fc.property(someFilter, isReadBack), { numRuns: 3000 });
});

test('the canonical filter matches the users that the filter matches', () => {
  fc.assert(
    fc.property(someFilter, someUsers, (filter, users) => {
      const again = parsed(canonicalFilter(filter));
      expect(users.map(filterToPredicate(again))).toEqual(users.map(filterToPredicate(filter)));
    }),
    { numRuns: 500 },
  );
});

test('any text is either read or refused with a column inside of it', () => {
  const isJudged = (text: string) => {
    const result = parseFilter(text);
    if (result.ok) {
      const written = canonicalFilter(result.filter);
      expect(canonicalFilter(parsed(written))).toBe(written);
      return;
    }
    const length = [...text].length;
    expect(result.column).toBeGreaterThan(0);
    expect(result.column + result.length).toBeLessThanOrEqual(length + 1);
    expect(result.message).toBe(`Column ${result.column}: expected ${result.expected}.`);
  };
  fc.assert(fc.property(someText, isJudged), { numRuns: 20_000 });
  fc.assert(fc.property(fc.string({ unit: 'binary' }), isJudged), { numRuns: 2000 });
});
