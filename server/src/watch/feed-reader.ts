import type { FeedEntry } from './feed-change.ts';
import type { FeedLog } from './feed-log.ts';
import type { FeedStore } from './feed-store.ts';

/** Reads the feed from the database into the log, always on from the last position. */
export interface FeedReader {
  /** Reads what has come. What comes while it reads is read by the next call. */
  read(): void;
  stop(): Promise<void>;
}

const batchSize = 1000;

export function createFeedReader(
  store: Pick<FeedStore, 'readAfter'>,
  log: () => FeedLog,
  options: {
    /** Told of each batch once it has joined the log. */
    readonly onAdvance: (entries: readonly FeedEntry[]) => void;
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
      if (changes.length > 0) options.onAdvance(changes);
      if (changes.length === batchSize) again = true;
    } while (again && !stopped.signal.aborted);
  }

  function read(): void {
    again = true;
    running ??= run()
      .catch((error) => {
        if (!stopped.signal.aborted) options.onError(error);
      })
      .finally(() => {
        running = undefined;
      });
  }

  return {
    read,
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
