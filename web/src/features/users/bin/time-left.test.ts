import { expect, test } from 'vitest';
import { timeLeft } from './time-left.ts';

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;

test.each([
  [0, '30 days', false],
  [hourMs, '30 days', false],
  [dayMs, '29 days', false],
  [26 * dayMs, '4 days', false],
  [27 * dayMs, '3 days', true],
  [29 * dayMs, '1 day', true],
  [29 * dayMs + hourMs, 'Less than a day', true],
  [30 * dayMs, 'Erased shortly', true],
  [40 * dayMs, 'Erased shortly', true],
  // A clock that is behind the server's.
  [-hourMs, '31 days', false],
])('%i ms after the deletion, of 30 days are left: %s', (age, words, isShort) => {
  expect(timeLeft(0, 30, age)).toMatchObject({ words, isShort });
});

test('where nobody is erased by itself, nothing is said', () => {
  expect(timeLeft(0, 0, 400 * dayMs)).toBeUndefined();
});
