import type { UserFeed_Total } from '@roster/proto/gen/userservice/v1/user';
import type { FeedStore, PositionedCount } from './feed-store.ts';
import type { Scope } from './scope.ts';

/** The exact number of users in a scope: counted once, then kept by the changes of the feed. */
export interface LiveTotal {
  /** Undefined while the first count runs. */
  readonly size: number | undefined;
  /** Folds the effect of the change at `seq`. Must be told of every change, in order. */
  apply(seq: number, effect: number): void;
  /** Resolves when the total is known, or when `signal` aborts. */
  known(signal: AbortSignal): Promise<void>;
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
  /** Effects that came while the count ran; those above its position are added to it. */
  let early: { readonly seq: number; readonly effect: number }[] = [];

  const counting = parts
    .gate(() => parts.store.count(scope, parts.signal))
    .then((count) => {
      const later = early.filter((entry) => entry.seq > count.seq);
      early = [];
      counted = { seq: count.seq, size: later.reduce((sum, entry) => sum + entry.effect, count.size) };
      parts.onKnown();
    })
    .catch((error) => {
      if (!parts.signal.aborted) parts.onError(error);
    });

  return {
    get size() {
      return counted?.size;
    },
    apply(seq, effect) {
      if (effect === 0) return;
      if (!counted) early.push({ seq, effect });
      else if (seq > counted.seq) counted = { ...counted, size: counted.size + effect };
    },
    async known(signal) {
      if (counted || signal.aborted) return;
      const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      await Promise.race([counting, aborted]);
    },
  };
}

/** At least what is known to be there, until the exact number is. */
export function totalOf(live: Pick<LiveTotal, 'size'>, atLeast: number): UserFeed_Total {
  return live.size === undefined ? { size: atLeast, isMinimum: true } : { size: live.size, isMinimum: false };
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
