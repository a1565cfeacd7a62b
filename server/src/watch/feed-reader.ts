import { setInterval as every } from 'node:timers/promises';
import type { FeedLog } from './feed-log.ts';
import type { FeedStore } from './feed-store.ts';

/** Reads the feed from the database into the log, always on from the last position; hints only make it look sooner. */
export interface FeedReader {
  hint(): void;
  stop(): Promise<void>;
}

const batchSize = 1000;

export function createFeedReader(
  store: Pick<FeedStore, 'readAfter'>,
  log: () => FeedLog,
  options: { readonly pollMs: number; readonly onAdvance: () => void; readonly onError: (error: unknown) => void },
): FeedReader {
  const stopped = new AbortController();
  let again = false;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    do {
      again = false;
      const target = log();
      const changes = await store.readAfter(target.head, batchSize, stopped.signal);
      // The log was replaced meanwhile: what was read belongs to another history.
      if (target !== log()) continue;
      target.append(changes);
      if (changes.length > 0) options.onAdvance();
      if (changes.length === batchSize) again = true;
    } while (again && !stopped.signal.aborted);
  }

  function hint(): void {
    again = true;
    running ??= run()
      .catch((error) => {
        if (!stopped.signal.aborted) options.onError(error);
      })
      .finally(() => {
        running = undefined;
      });
  }

  async function poll(): Promise<void> {
    for await (const _ of every(options.pollMs, undefined, { signal: stopped.signal })) hint();
  }

  const polling = poll().catch(() => undefined);
  return {
    hint,
    async stop() {
      stopped.abort();
      await polling;
      await running;
    },
  };
}
