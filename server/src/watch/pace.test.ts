import { expect, onTestFinished, test, vi } from 'vitest';
import { createPace, partsOfWindow, windowFor } from './pace.ts';

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

test.each([
  { streams: 200, changesPerSecond: 200 },
  { streams: 200, changesPerSecond: 400 },
  { streams: 990, changesPerSecond: 20 },
  { streams: 5, changesPerSecond: 1000 },
])('the window that is come to is that of the load: $streams streams, $changesPerSecond changes/s', (load) => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const pace = createPace();
  for (let opened = 0; opened < load.streams; opened += 1) pace.onStream(1);
  let changes = 0;
  for (let reads = 0; reads < 200; reads += 1) {
    const ms = pace.windowMs / partsOfWindow;
    vi.advanceTimersByTime(ms);
    changes += (load.changesPerSecond * ms) / 1000;
    pace.flushed(Math.floor(changes));
    changes -= Math.floor(changes);
  }
  const expected = windowFor(load.streams, load.changesPerSecond);
  expect(pace.windowMs / expected).toBeGreaterThan(0.8);
  expect(pace.windowMs / expected).toBeLessThan(1.25);
  vi.advanceTimersByTime(60_000);
  pace.flushed(1);
  expect(pace.windowMs).toBe(windowFor(load.streams, 1));
});
