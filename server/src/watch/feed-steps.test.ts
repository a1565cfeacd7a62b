import { expect, test } from 'vitest';
import type { FeedEntry } from './feed-change.ts';
import { createFeedLog } from './feed-log.ts';
import { createFeedSteps } from './feed-steps.ts';

const limits = { changes: 10, bytes: 1000 };
const none = { userId: undefined, sparedSessionId: undefined, sessionId: undefined, tokenId: undefined };
const entry = (seq: number): FeedEntry => ({ seq, revoked: none });

function setUp(options: { readonly heartbeatMs?: number; readonly maxAgeMs?: number } = {}) {
  let log = createFeedLog(0, limits);
  const draining = new AbortController();
  const call = new AbortController();
  const steps = createFeedSteps({
    log: () => log,
    draining: draining.signal,
    heartbeatMs: options.heartbeatMs ?? 60_000,
    maxAgeMs: options.maxAgeMs ?? 60_000,
  });
  const stream = steps.follow({ from: 5, log, signal: call.signal });
  return {
    steps,
    stream,
    drain: () => draining.abort(),
    cancel: () => call.abort(),
    replaceLog: () => {
      log = createFeedLog(0, limits);
    },
  };
}

test('a stream steps to what the server was told, and not to what lies behind it', async () => {
  const { steps, stream } = setUp();
  const first = stream.next();
  steps.tell([entry(4), entry(5)]);
  steps.tell([entry(6), entry(7)]);
  expect(await first).toEqual({ done: false, value: 7 });
  const next = stream.next();
  steps.tell([entry(8)]);
  expect(await next).toEqual({ done: false, value: 8 });
});

test('a heartbeat brings the same position again', async () => {
  const { stream } = setUp({ heartbeatMs: 5 });
  expect(await stream.next()).toEqual({ done: false, value: 5 });
  expect(await stream.next()).toEqual({ done: false, value: 5 });
});

test.each(['drain', 'cancel'] as const)('a stream that waits ends at once: %s', async (how) => {
  const parts = setUp();
  const waiting = parts.stream.next();
  parts[how]();
  expect(await waiting).toEqual({ done: true, value: undefined });
});

test('a stream of another history ends before it steps over the gap', async () => {
  const { steps, stream, replaceLog } = setUp();
  const waiting = stream.next();
  replaceLog();
  steps.tell([entry(9)]);
  expect(await waiting).toEqual({ done: true, value: undefined });
});

test('a stream that is old ends in order', async () => {
  const { stream } = setUp({ heartbeatMs: 1, maxAgeMs: 20 });
  const positions: number[] = [];
  for await (const position of stream) positions.push(position);
  expect(positions.length).toBeGreaterThan(0);
});
