import { expect, test } from 'vitest';
import { createBackoff } from './backoff.ts';

const spans = (count: number, backoff = createBackoff(() => 1)) => Array.from({ length: count }, () => backoff.next());

test('the span doubles from half a second to half a minute', () => {
  expect(spans(9)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
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
