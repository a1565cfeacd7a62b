import { setTimeout as delay } from 'node:timers/promises';
import { type RpcError, resourceExhausted } from '../rpc/rpc-error.ts';

/** Work that goes on after its call has been answered. */
export interface Background {
  /** Starts it. RESOURCE_EXHAUSTED, SIGN_IN_BUSY, where too much is going on. */
  run(work: () => Promise<void>): void;
  /** Resolves when all of it has come to its end, or this long has passed. */
  settled(limitMs: number): Promise<void>;
}

const worksMax = 32;
const retryAfterMs = 1000;

/** `onError`: told of work that failed; nobody else is. */
export function createBackground(onError: (error: unknown) => void): Background {
  const works = new Set<Promise<void>>();
  return {
    run(work) {
      if (works.size >= worksMax) throw busy();
      const running = work()
        .catch(onError)
        .finally(() => works.delete(running));
      works.add(running);
    },
    async settled(limitMs) {
      const given = new AbortController();
      await Promise.race([
        Promise.all(works),
        delay(limitMs, undefined, { signal: given.signal }).catch(() => undefined),
      ]);
      given.abort();
    },
  };
}

function busy(): RpcError {
  return resourceExhausted('SIGN_IN_BUSY', 'Too many people ask for this at this moment. Try again.', retryAfterMs);
}
