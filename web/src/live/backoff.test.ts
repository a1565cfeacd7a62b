import { expect, test } from 'vitest';
import { backoffLimits, createBackoff } from './backoff.ts';

const spans = (count: number, backoff = createBackoff(() => 1)) => Array.from({ length: count }, () => backoff.next());

test('the span doubles from half a second to half a minute', () => {
  expect(spans(9)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

test('a lower limit holds for the wait that it is given for, and the span goes on doubling', () => {
  const backoff = createBackoff(() => 1);
  const seen = Array.from({ length: 5 }, () => backoff.next(backoffLimits.maxSeenMs));
  expect(seen).toEqual([500, 1000, 2000, 3000, 3000]);
  expect(backoff.next()).toBe(16_000);
});

test('the wait is any part of the span, down to nothing', () => {
  expect(
    spans(
      3,
      createBackoff(() => 0),
    ),
  ).toEqual([0, 0, 0]);
  expect(
    spans(
      3,
      createBackoff(() => 0.5),
    ),
  ).toEqual([250, 500, 1000]);
});

test('only a connection that was in order for ten seconds starts over', () => {
  const backoff = createBackoff(() => 1);
  spans(4, backoff);
  backoff.succeeded(9_999);
  expect(backoff.next()).toBe(8000);
  backoff.succeeded(10_000);
  expect(backoff.next()).toBe(500);
});
