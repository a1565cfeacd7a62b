import { type Pace, partsOfWindow } from './pace.ts';

/**
 * Rings for many streams, each about once a window: a few at a time all through it rather than all at its end, so that neither calls nor the proxy nor the readers have
 * to wait behind a burst. After a quiet time nobody waits for a window: what was not sent then may be sent at once.
 */
export interface Ringer {
  /** Each of them is rung soon, once, however often it is asked for until then. */
  ring(streams: Iterable<Ringable>): void;
  stop(): void;
}

interface Ringable {
  readonly isOpen: boolean;
  ring(): void;
}

/** A message to a stream takes some 25 µs here, so that a turn of the event loop takes less than 2 ms. */
const streamsATurn = 64;

export function createRinger(pace: Pick<Pace, 'streams' | 'windowMs'>): Ringer {
  const waiting = new Set<Ringable>();
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  /** How many may be rung now; it grows with time, up to all streams. */
  let allowance = 0;
  let countedAt = Number.NEGATIVE_INFINITY;

  function countAllowance(): void {
    const now = performance.now();
    const most = Math.max(1, pace.streams);
    allowance = Math.min(most, allowance + ((now - countedAt) * most) / pace.windowMs);
    countedAt = now;
  }

  /** Whether it is worth to begin: what a part of a window allows is rung together, so that proxy and readers are not woken for each few. */
  function isDue(): boolean {
    return allowance >= Math.min(waiting.size, Math.max(1, pace.streams / partsOfWindow));
  }

  function begin(): void {
    clearTimeout(timer);
    timer = undefined;
    countAllowance();
    turn();
  }

  function turn(): void {
    immediate = undefined;
    let left = Math.min(streamsATurn, Math.floor(allowance));
    for (const stream of waiting) {
      if (left === 0) break;
      waiting.delete(stream);
      // Nobody waits behind those that have closed meanwhile.
      if (!stream.isOpen) continue;
      left -= 1;
      allowance -= 1;
      stream.ring();
    }
    if (waiting.size === 0) return;
    if (allowance >= 1) immediate = setImmediate(turn);
    else timer = setTimeout(begin, pace.windowMs / partsOfWindow);
  }

  return {
    ring(streams) {
      for (const stream of streams) waiting.add(stream);
      if (immediate) return;
      if (timer) countAllowance();
      if (!timer || isDue()) begin();
    },
    stop() {
      clearTimeout(timer);
      clearImmediate(immediate);
      waiting.clear();
    },
  };
}
