import type { UserFeed_Total } from '@roster/proto/gen/userservice/v1/user';
import type { FacetCounts, Faceted } from './facet-counts.ts';
import type { FeedStore } from './feed-store.ts';
import type { Scope } from './scope.ts';

/** The exact number of users in a scope, by role and state: counted once, then kept by the changes of the feed. */
export interface LiveTotal {
  /** Undefined while nobody has counted yet. The same object until it changes. */
  readonly total: UserFeed_Total | undefined;
  /** The position at which it was counted; changes up to there are in it, whether it was told of them or not. */
  readonly countedAt: number;
  /** Folds in that the change at `seq` brought a user in (1) or took it out (-1). Must be told of every change, in order. */
  apply(seq: number, user: Faceted, by: 1 | -1): void;
  /** Counts, unless that runs or is done; resolves when it ends, well or not. One that failed is begun anew by the next call. */
  count(): Promise<void>;
  /** Forgets the number, and a count that runs: the changes can no longer keep it. */
  forget(): void;
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
  let countedAt = 0;
  let counts: FacetCounts | undefined;
  let total: UserFeed_Total | undefined;
  let running: { readonly ended: Promise<void>; readonly abort: AbortController } | undefined;
  /** Effects that came while the count ran; those above its position are added to it. */
  let early: { readonly seq: number; readonly user: Faceted; readonly by: 1 | -1 }[] = [];

  async function run(abort: AbortController): Promise<void> {
    const signal = AbortSignal.any([abort.signal, parts.signal]);
    try {
      const count = await parts.gate(() => parts.store.count(scope, signal));
      if (signal.aborted) return;
      countedAt = count.seq;
      counts = count.facets;
      total = undefined;
      for (const { seq, user, by } of early) if (seq > countedAt) counts.add(user, by);
      early = [];
      parts.onKnown();
    } catch (error) {
      if (!signal.aborted) parts.onError(error);
    } finally {
      if (running?.abort === abort) running = undefined;
    }
  }

  function abandon(): void {
    running?.abort.abort();
    running = undefined;
  }

  return {
    get total() {
      total ??= counts?.total();
      return total;
    },
    get countedAt() {
      return countedAt;
    },
    apply(seq, user, by) {
      if (!counts) {
        if (running) early.push({ seq, user, by });
      } else if (seq > countedAt) {
        counts.add(user, by);
        total = undefined;
      }
    },
    async count() {
      if (counts) return;
      if (!running) {
        const abort = new AbortController();
        early = [];
        running = { abort, ended: run(abort) };
      }
      await running.ended;
    },
    forget() {
      counts = undefined;
      total = undefined;
      abandon();
    },
    abandon,
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
