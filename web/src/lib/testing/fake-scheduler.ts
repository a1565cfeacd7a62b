import type { Scheduler } from '../scheduler.ts';

export interface FakeScheduler extends Scheduler {
  /** Lets time pass: runs what becomes due, in order, and lets promises settle after each. */
  advance(ms: number): Promise<void>;
  /** Moves the wall clock on without running what became due, as a machine does that sleeps. */
  sleep(ms: number): void;
  /** Lets promises settle and draws a frame. */
  settle(): Promise<void>;
}

interface Entry {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that stands still until it is told. */
export function createFakeScheduler(startMs = 1_000_000): FakeScheduler {
  let nowMs = startMs;
  const entries = new Set<Entry>();
  const frames = new Set<() => void>();

  async function settle(): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      await new Promise<void>((done) => setImmediate(done));
      const due = [...frames];
      frames.clear();
      for (const run of due) run();
    }
  }

  return {
    now: () => nowMs,
    after(delayMs, run) {
      const entry = { at: nowMs + delayMs, run };
      entries.add(entry);
      return () => entries.delete(entry);
    },
    beforeFrame(run) {
      frames.add(run);
      return () => frames.delete(run);
    },
    settle,
    sleep(ms) {
      nowMs += ms;
    },
    async advance(ms) {
      const end = nowMs + ms;
      await settle();
      for (;;) {
        const next = [...entries].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        entries.delete(next);
        nowMs = Math.max(nowMs, next.at);
        next.run();
        await settle();
      }
      nowMs = end;
      await settle();
    },
  };
}
