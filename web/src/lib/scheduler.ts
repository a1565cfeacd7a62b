/** Time, as an argument: what waits gets it from here, so that a test can make it pass. */
export interface Scheduler {
  /** Epoch milliseconds by the wall clock, which goes on while the machine sleeps. */
  now(): number;
  /** Runs once after so many milliseconds; the returned function takes that back. */
  after(delayMs: number, run: () => void): () => void;
  /** Runs once before the next frame is drawn; soon, where nothing is drawn. */
  beforeFrame(run: () => void): () => void;
}

/** The longest that a hidden page, which draws no frames, waits for one. */
const hiddenFrameMs = 250;

export function createScheduler(): Scheduler {
  return {
    now: () => Date.now(),
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    beforeFrame(run) {
      const stop = () => {
        cancelAnimationFrame(frame);
        clearTimeout(timer);
      };
      const once = () => {
        stop();
        run();
      };
      const frame = requestAnimationFrame(once);
      const timer = setTimeout(once, hiddenFrameMs);
      return stop;
    },
  };
}
