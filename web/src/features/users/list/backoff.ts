/** How long to wait before coming back. */
export interface Backoff {
  /** The wait before the next attempt; longer on average each time (full jitter). */
  next(): number;
  /** An attempt has ended that was in order for so long. */
  succeeded(healthyMs: number): void;
}

export const backoffLimits = {
  firstMs: 500,
  maxMs: 30_000,
  /** A connection that lives shorter than this does not count: a server that accepts and drops would be stormed. */
  healthyMs: 10_000,
} as const;

/** Spreads the clients of a server that restarts over time: each waits a random part of a span that doubles. */
export function createBackoff(random: () => number): Backoff {
  let attempts = 0;
  return {
    next() {
      const spanMs = Math.min(backoffLimits.maxMs, backoffLimits.firstMs * 2 ** attempts);
      attempts += 1;
      return Math.round(random() * spanMs);
    },
    succeeded(healthyMs) {
      if (healthyMs >= backoffLimits.healthyMs) attempts = 0;
    },
  };
}
