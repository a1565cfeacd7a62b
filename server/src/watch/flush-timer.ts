/**
 * Decides when what has come is read and sent on: at once after a quiet time, else at the end of a window. What cannot be sent on yet need not be read yet: under
 * load one query brings the changes of a whole window.
 */
export interface FlushTimer {
  /** Something has come. */
  request(): void;
  /** Something may have come: looks, unless it is about to anyway. */
  poll(): void;
  /** So many changes have been sent on. */
  flushed(changes: number): void;
  stop(): void;
}

const minWindowMs = 50;
const maxWindowMs = 250;
/** What a message costs on its way through server and proxy, in milliseconds. */
const costMs = 0.05;
/** The part of a processor that sending may take. */
const share = 0.25;
/** So many changes a second at all streams together make the window longest: then each message carries many, and waiting saves most of its cost. */
const fullLoad = 80_000;

/** The window grows with the streams, so that many small batches do not eat the processor, and with what is sent to all of them. */
export function windowFor(streams: number, changesPerSecond: number): number {
  const forMessages = (streams * costMs) / share;
  const forChanges = (streams * changesPerSecond * maxWindowMs) / fullLoad;
  return Math.min(maxWindowMs, Math.max(minWindowMs, forMessages, forChanges));
}

/** `read` brings what has come, and then tells `flushed`. */
export function createFlushTimer(read: () => void, streamCount: () => number): FlushTimer {
  let timer: NodeJS.Timeout | undefined;
  let lastAt = Number.NEGATIVE_INFINITY;
  let flushedAt = Number.NEGATIVE_INFINITY;
  let changesPerSecond = 0;

  function run(): void {
    timer = undefined;
    lastAt = performance.now();
    read();
  }

  return {
    request() {
      if (timer) return;
      const waitMs = lastAt + windowFor(streamCount(), changesPerSecond) - performance.now();
      if (waitMs <= 0) run();
      else timer = setTimeout(run, waitMs);
    },
    poll() {
      if (!timer) read();
    },
    flushed(changes) {
      const now = performance.now();
      changesPerSecond = (changes * 1000) / Math.max(minWindowMs, now - flushedAt);
      lastAt = now;
      flushedAt = now;
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
