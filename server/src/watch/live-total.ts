import type { FeedStore, PositionedCount } from './feed-store.ts';
import type { Scope } from './scope.ts';

/** The exact number of users in a scope: counted once, then kept by the changes of the feed. */
export interface LiveTotal {
  /** Undefined while nobody has counted yet. */
  readonly size: number | undefined;
  /** Folds the effect of the change at `seq`. Must be told of every change, in order. */
  apply(seq: number, effect: number): void;
  /** Counts, unless that runs or is done; resolves when it ends, well or not. One that failed is begun anew by the next call. */
  count(): Promise<void>;
  /** Ends a count that nobody wants any more, in the database too. */
  abandon(): void;
}

/** Limits how many counts run at once: each may read the whole table. */
export type CountGate = <T>(work: () => Promise<T>) => Promise<T>;

export function createLiveTotal(
  scope: Scope,
  parts: {
    readonly store: Pick<FeedStore, 'count'>;
    readonly gate: CountGate;
    readonly signal: AbortSignal;
    readonly onKnown: () => void;
    readonly onError: (error: unknown) => void;
  },
): LiveTotal {
  let counted: PositionedCount | undefined;
  let running: { readonly ended: Promise<void>; readonly abort: AbortController } | undefined;
  /** Effects that came while the count ran; those above its position are added to it. */
  let early: { readonly seq: number; readonly effect: number }[] = [];

  async function run(abort: AbortController): Promise<void> {
    const signal = AbortSignal.any([abort.signal, parts.signal]);
    try {
      const count = await parts.gate(() => parts.store.count(scope, signal));
      if (signal.aborted) return;
      const later = early.filter((entry) => entry.seq > count.seq);
      counted = { seq: count.seq, size: later.reduce((sum, entry) => sum + entry.effect, count.size) };
      parts.onKnown();
    } catch (error) {
      if (!signal.aborted) parts.onError(error);
    } finally {
      if (running?.abort === abort) running = undefined;
    }
  }

  return {
    get size() {
      return counted?.size;
    },
    apply(seq, effect) {
      if (effect === 0) return;
      if (counted) counted = seq > counted.seq ? { ...counted, size: counted.size + effect } : counted;
      else if (running) early.push({ seq, effect });
    },
    async count() {
      if (counted) return;
      if (!running) {
        const abort = new AbortController();
        early = [];
        running = { abort, ended: run(abort) };
      }
      await running.ended;
    },
    abandon() {
      running?.abort.abort();
      running = undefined;
    },
  };
}

export function createCountGate(atOnce: number): CountGate {
  let free = atOnce;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
