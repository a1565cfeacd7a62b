import type { FeedLog } from './feed-log.ts';
import type { FeedStore } from './feed-store.ts';
import { pollEvery } from './poll-every.ts';

/** Reads the feed from the database into the log, always on from the last position; hints only make it look sooner. */
export interface FeedReader {
  hint(): void;
  stop(): Promise<void>;
}

const batchSize = 1000;

export function createFeedReader(
  store: Pick<FeedStore, 'readAfter'>,
  log: () => FeedLog,
  options: {
    readonly pollMs: number;
    readonly onAdvance: () => void;
    /** What comes next is no longer kept: this server slept too long. */
    readonly onGap: () => Promise<void>;
    readonly onError: (error: unknown) => void;
  },
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
      if (!target.append(changes)) {
        await options.onGap();
        continue;
      }
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

  const polling = pollEvery(options.pollMs, stopped.signal, async () => hint());
  return {
    hint,
    async stop() {
      stopped.abort();
      await polling;
      await running;
    },
  };
}
