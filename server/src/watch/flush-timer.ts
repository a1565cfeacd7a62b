/** Decides when what has come is sent on: at once after a quiet time, else at the end of a window. */
export interface FlushTimer {
  request(): void;
  stop(): void;
}

const minWindowMs = 50;
const maxWindowMs = 250;
/** What a batch costs on its way through server and proxy, in milliseconds a stream. */
const costPerStreamMs = 0.05;
/** The part of a processor that sending may take. */
const share = 0.3;

/** The window grows with the streams, so that many small batches do not eat the processor. */
export function windowFor(streams: number): number {
  return Math.min(maxWindowMs, Math.max(minWindowMs, (streams * costPerStreamMs) / share));
}

export function createFlushTimer(flush: () => void, streamCount: () => number): FlushTimer {
  let timer: NodeJS.Timeout | undefined;
  let lastFlushAt = Number.NEGATIVE_INFINITY;

  function run(): void {
    timer = undefined;
    lastFlushAt = performance.now();
    flush();
  }

  return {
    request() {
      if (timer) return;
      const waitMs = lastFlushAt + windowFor(streamCount()) - performance.now();
      if (waitMs <= 0) run();
      else timer = setTimeout(run, waitMs);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
