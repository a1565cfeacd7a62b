import { expect, test } from 'vitest';
import { windowFor } from './pace.ts';

test.each([
  { streams: 1, changesPerSecond: 1000, windowMs: 50 },
  { streams: 200, changesPerSecond: 20, windowMs: 50 },
  { streams: 200, changesPerSecond: 200, windowMs: 125 },
  { streams: 200, changesPerSecond: 400, windowMs: 250 },
  { streams: 1000, changesPerSecond: 20, windowMs: 200 },
  { streams: 10_000, changesPerSecond: 1, windowMs: 250 },
])('$streams streams at $changesPerSecond changes/s are sent to every $windowMs ms', ({ windowMs, ...load }) => {
  expect(windowFor(load.streams, load.changesPerSecond)).toBeCloseTo(windowMs);
});
