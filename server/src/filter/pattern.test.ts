import { expect, test } from 'vitest';
import { containing, isAnything, likePattern, patternOf, patternTest } from './pattern.ts';

test.each([
  [['ann'], 'ann', true],
  [['ann'], 'anna', false],
  [[''], '', true],
  [[''], 'a', false],
  [['ann', ''], 'anna', true],
  [['ann', ''], 'hanna', false],
  [['', 'na'], 'anna', true],
  [['', 'na'], 'annab', false],
  [['', 'nn', ''], 'anna', true],
  [['', ''], '', true],
  [['ab', 'ba'], 'aba', false],
  [['ab', 'ba'], 'abba', true],
  [['a', 'b', 'a'], 'aba', true],
  [['a', 'b', 'b'], 'ab', false],
  [['', 'a', 'b', ''], 'ba', false],
  [['', 'aa', 'a', ''], 'aa', false],
])('the pattern %j judges %j as %s', (pattern, text, fits) => {
  expect(patternTest(pattern)(text)).toBe(fits);
});

test('several wildcards in a row are one', () => {
  expect(patternOf(['a', '', '', 'b'])).toEqual(['a', 'b']);
  expect(patternOf(['', '', ''])).toEqual(['', '']);
  expect(containing([''])).toEqual(['', '']);
  expect(containing(['ann', ''])).toEqual(['', 'ann', '']);
});

test('only wildcards fit everything; the empty text does not', () => {
  expect(isAnything(['', ''])).toBe(true);
  expect(isAnything([''])).toBe(false);
  expect(isAnything(['', 'a', ''])).toBe(false);
});

test('what LIKE would read as its own stands for itself', () => {
  expect(likePattern(['100%', '_\\'])).toBe('100\\%%\\_\\\\');
});
