import type { Scheduler } from '../lib/scheduler.ts';

export interface Watchdog {
  /** Notes a sign of life. */
  alive(): void;
  /** Looks now, because timers stand still while a machine sleeps or a tab is hidden. */
  check(): void;
  stop(): void;
}

/** Calls `onSilent` once when there was no sign of life for `limitMs()` by the wall clock. */
export function startWatchdog(scheduler: Scheduler, limitMs: () => number, onSilent: () => void): Watchdog {
  let aliveAt = scheduler.now();
  let isStopped = false;
  let cancel = scheduler.after(limitMs(), check);

  function check(): void {
    if (isStopped) return;
    const leftMs = aliveAt + limitMs() - scheduler.now();
    cancel();
    if (leftMs > 0) {
      cancel = scheduler.after(leftMs, check);
      return;
    }
    isStopped = true;
    onSilent();
  }

  return {
    alive() {
      aliveAt = scheduler.now();
    },
    check,
    stop() {
      isStopped = true;
      cancel();
    },
  };
}
