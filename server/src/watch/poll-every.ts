import { setTimeout as delay } from 'node:timers/promises';

/** Looks again and again, with a pause after each look however long it took, until the signal aborts. */
export async function pollEvery(pauseMs: number, signal: AbortSignal, look: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) await look();
  }
}
