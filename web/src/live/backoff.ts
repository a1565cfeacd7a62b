/** How long to wait before coming back. */
export interface Backoff {
  /** The wait before the next attempt; longer on average each time (full jitter), up to `maxMs`. */
  next(maxMs?: number): number;
  /** An attempt has ended that was in order for so long. */
  succeeded(healthyMs: number): void;
}

export const backoffLimits = {
  firstMs: 500,
  maxMs: 30_000,
  /**
   * While somebody looks and the server is merely away (docs/decisions/0014): five seconds after it is back the list is to be as the database is, and a try within
   * three leaves two for the rest. Those who look are few, and a try that finds nobody is cheap; hidden tabs may be thousands, and keep the long waits.
   */
  maxSeenMs: 3000,
  /** A connection that lives shorter than this does not count: a server that accepts and drops would be stormed. */
  healthyMs: 10_000,
} as const;

/** Spreads the clients of a server that restarts over time: each waits a random part of a span that doubles. */
export function createBackoff(random: () => number): Backoff {
  let attempts = 0;
  return {
    next(maxMs = backoffLimits.maxMs) {
      const spanMs = Math.min(maxMs, backoffLimits.firstMs * 2 ** attempts);
      attempts += 1;
      return Math.round(random() * spanMs);
    },
    succeeded(healthyMs) {
      if (healthyMs >= backoffLimits.healthyMs) attempts = 0;
    },
  };
}
