import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatListUrl, parseListUrl } from './list-url.ts';

test('an address leads back to the list it was made from', () => {
  const anyUrl = fc.record({
    query: fc.record({
      filter: fc.string({ unit: 'grapheme' }),
      orderBy: fc.constantFrom('', 'name', 'created_at desc'),
      showDeleted: fc.constant(false),
    }),
    userId: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
    isNew: fc.boolean(),
  });
  fc.assert(
    fc.property(anyUrl, (url) => {
      expect(parseListUrl(formatListUrl(url).slice('/users'.length))).toEqual(url);
    }),
  );
});

test('the plain list has the plain address', () => {
  expect(formatListUrl(parseListUrl(''))).toBe('/users');
  expect(formatListUrl({ ...parseListUrl(''), isNew: true })).toBe('/users?new');
});
