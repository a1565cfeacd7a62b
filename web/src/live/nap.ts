import type { Scheduler } from '../lib/scheduler.ts';

/** A wait that can be cut short. */
export interface Nap {
  /** Waits; Infinity waits until it is woken. */
  take(durationMs: number): Promise<void>;
  /** Ends the wait, though not before `earliestAt`. */
  wake(earliestAt?: number): void;
}

export function createNap(scheduler: Scheduler): Nap {
  let done: (() => void) | undefined;
  let cancel: (() => void) | undefined;

  function finish(): void {
    cancel?.();
    done?.();
    done = undefined;
  }

  return {
    take(durationMs) {
      return new Promise<void>((resolve) => {
        done = resolve;
        cancel = Number.isFinite(durationMs) ? scheduler.after(durationMs, finish) : undefined;
      });
    },
    wake(earliestAt = 0) {
      if (!done) return;
      const leftMs = earliestAt - scheduler.now();
      if (leftMs <= 0) {
        finish();
        return;
      }
      cancel?.();
      cancel = scheduler.after(leftMs, finish);
    },
  };
}
