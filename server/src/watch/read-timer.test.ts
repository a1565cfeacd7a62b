import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createReadTimer } from './read-timer.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
});

function setUp() {
  const counts = { reads: 0 };
  const timer = createReadTimer(
    () => {
      counts.reads += 1;
    },
    { windowMs: 200 },
  );
  return { counts, timer };
}

test('after a quiet time it reads at once, and while changes keep coming four times a window', () => {
  const { counts, timer } = setUp();
  timer.request();
  expect(counts.reads).toBe(1);
  for (let ms = 0; ms < 1000; ms += 1) {
    timer.request();
    vi.advanceTimersByTime(1);
  }
  expect(counts.reads).toBeGreaterThanOrEqual(20);
  expect(counts.reads).toBeLessThanOrEqual(21);
  vi.advanceTimersByTime(1000);
  const before = counts.reads;
  timer.request();
  expect(counts.reads).toBe(before + 1);
});

test('a poll looks at once, and keeps nobody waiting; where a read is coming anyway it does nothing', () => {
  const { counts, timer } = setUp();
  timer.poll();
  timer.request();
  expect(counts.reads).toBe(2);
  timer.request();
  timer.poll();
  expect(counts.reads).toBe(2);
  vi.advanceTimersByTime(50);
  expect(counts.reads).toBe(3);
});
