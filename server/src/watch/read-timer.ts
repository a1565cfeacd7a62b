import { type Pace, partsOfWindow } from './pace.ts';

/**
 * Decides when what has come is read: at once after a quiet time, else some times in the window in which each stream is sent to once. Under load one query then
 * brings what a dozen changes would have asked for.
 */
export interface ReadTimer {
  /** Something has come. */
  request(): void;
  /** Something may have come: looks, unless it is about to anyway. */
  poll(): void;
  stop(): void;
}

export function createReadTimer(read: () => void, pace: Pick<Pace, 'windowMs'>): ReadTimer {
  let timer: NodeJS.Timeout | undefined;
  let lastAt = Number.NEGATIVE_INFINITY;

  function run(): void {
    timer = undefined;
    lastAt = performance.now();
    read();
  }

  return {
    request() {
      if (timer) return;
      const waitMs = lastAt + pace.windowMs / partsOfWindow - performance.now();
      if (waitMs <= 0) run();
      else timer = setTimeout(run, waitMs);
    },
    poll() {
      if (!timer) read();
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
