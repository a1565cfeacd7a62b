/** Decides when what has come is sent on: at once after a quiet time, else at the end of a window. */
export interface FlushTimer {
  request(): void;
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

/** `position` is that of the newest change. */
export function createFlushTimer(flush: () => void, streamCount: () => number, position: () => number): FlushTimer {
  let timer: NodeJS.Timeout | undefined;
  let lastFlushAt = Number.NEGATIVE_INFINITY;
  let flushedTo = position();
  let changesPerSecond = 0;

  function run(): void {
    timer = undefined;
    const now = performance.now();
    const to = position();
    changesPerSecond = (Math.max(0, to - flushedTo) * 1000) / Math.max(minWindowMs, now - lastFlushAt);
    flushedTo = to;
    lastFlushAt = now;
    flush();
  }

  return {
    request() {
      if (timer) return;
      const waitMs = lastFlushAt + windowFor(streamCount(), changesPerSecond) - performance.now();
      if (waitMs <= 0) run();
      else timer = setTimeout(run, waitMs);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
