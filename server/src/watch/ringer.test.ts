import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createRinger } from './ringer.ts';

function createStreams(count: number) {
  const rung: number[] = [];
  const streams = Array.from({ length: count }, (_, at) => ({ isOpen: true, ring: () => rung.push(at) }));
  return { rung, streams };
}

test('few are rung at once, and many in turns, between which others come to theirs', async () => {
  const { rung, streams } = createStreams(200);
  const ringer = createRinger({ streams: 200, windowMs: 50 });
  ringer.ring(streams.slice(0, 3));
  expect(rung).toEqual([0, 1, 2]);
  ringer.ring(streams.slice(3));
  const atOnce = rung.length;
  expect(atOnce).toBeLessThan(100);
  await nextTurn();
  expect(rung.length).toBeGreaterThan(atOnce);
  expect(rung.length).toBeLessThan(200);
  await expect.poll(() => rung).toEqual(streams.map((_, at) => at));
});

test('whoever is asked for again while they wait is rung once, and whoever has been rung is rung again', async () => {
  const { rung, streams } = createStreams(200);
  const ringer = createRinger({ streams: 200, windowMs: 50 });
  ringer.ring(streams);
  const done = rung.length;
  ringer.ring(streams);
  await expect.poll(() => rung.length).toBe(200 + done);
  const times = streams.map((_, at) => rung.filter((one) => one === at).length);
  expect(times.every((count, at) => count === (at < done ? 2 : 1))).toBe(true);
});

test('streams that have just been rung are rung again all through the next window, each once', () => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'setImmediate'] });
  onTestFinished(() => void vi.useRealTimers());
  const { rung, streams } = createStreams(160);
  const ringer = createRinger({ streams: 160, windowMs: 160 });
  ringer.ring(streams);
  vi.advanceTimersByTime(1);
  expect(rung).toHaveLength(160);
  ringer.ring(streams);
  for (const [ms, count] of [
    [81, 80],
    [60, 141],
    [30, 160],
    [200, 160],
  ] as const) {
    vi.advanceTimersByTime(ms);
    expect(rung.length - 160).toBeLessThanOrEqual(count + 1);
    expect(rung.length - 160).toBeGreaterThanOrEqual(count - 40);
  }
  expect(rung.slice(160)).toEqual(streams.map((_, at) => at));
});

test('few do not wait behind many that have closed', () => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'setImmediate'] });
  onTestFinished(() => void vi.useRealTimers());
  const { rung, streams } = createStreams(1001);
  const pace = { streams: 1000, windowMs: 50 };
  const ringer = createRinger(pace);
  ringer.ring(streams.slice(0, 1000));
  vi.advanceTimersByTime(1);
  ringer.ring(streams.slice(0, 1000));
  for (const stream of streams.slice(0, 1000)) stream.isOpen = false;
  pace.streams = 1;
  ringer.ring(streams.slice(1000));
  vi.advanceTimersByTime(pace.windowMs);
  expect(rung.at(-1)).toBe(1000);
});
