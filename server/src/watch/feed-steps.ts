import { createBell } from './bell.ts';
import type { FeedEntry } from './feed-change.ts';
import type { FeedLog } from './feed-log.ts';

/** Where a stream begins to read the feed. */
export interface StepsStart {
  readonly from: number;
  /** The log as it was before `from` was read: once it is another one, positions no longer mean the same. */
  readonly log: FeedLog;
  readonly signal: AbortSignal;
}

/** The steps by which the feed of this server grows, for streams that read it through the database. */
export interface FeedSteps {
  /** Told of what joins the feed, in its order, after those who end streams because of it. */
  tell(entries: readonly FeedEntry[]): void;
  /**
   * Yields the position up to which the stream may read, each time that it is a further one; the last one again when nothing has happened for a heartbeat. Ends
   * when the call does, the server drains, the store has another history, or the stream is old: then it may be opened again.
   */
  follow(start: StepsStart): AsyncGenerator<number>;
}

export interface FeedStepsOptions {
  readonly log: () => FeedLog;
  /** Aborted when the server lets its streams go. */
  readonly draining: AbortSignal;
  readonly heartbeatMs: number;
  readonly maxAgeMs: number;
}

/** While the feed keeps growing, a stream takes so many steps at most: each is a query of its own. */
const pauseMs = 100;

export function createFeedSteps({ log, draining, heartbeatMs, maxAgeMs }: FeedStepsOptions): FeedSteps {
  const bells = new Set<() => void>();
  let told = 0;
  const ringAll = () => {
    for (const ring of bells) ring();
  };
  draining.addEventListener('abort', ringAll);

  return {
    tell(entries) {
      told = entries.at(-1)?.seq ?? told;
      ringAll();
    },
    async *follow(start) {
      const { signal } = start;
      // Streams that opened together must not all come back together.
      const endsAt = performance.now() + maxAgeMs * (0.9 + 0.2 * Math.random());
      const bell = createBell(signal);
      const isOpen = () => !signal.aborted && !draining.aborted && log() === start.log && performance.now() < endsAt;
      const rest = async (ms: number) => {
        const timer = setTimeout(bell.ring, ms);
        await bell.rung();
        clearTimeout(timer);
      };
      let cursor = start.from;
      let steppedAt = performance.now();
      bells.add(bell.ring);
      try {
        while (isOpen()) {
          const idleMs = performance.now() - steppedAt;
          const patienceMs = told > cursor ? pauseMs : heartbeatMs;
          if (idleMs < patienceMs) {
            await rest(patienceMs - idleMs);
            continue;
          }
          cursor = Math.max(cursor, told);
          yield cursor;
          steppedAt = performance.now();
        }
      } finally {
        bells.delete(bell.ring);
      }
    },
  };
}
