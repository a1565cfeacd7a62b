import { setInterval as every } from 'node:timers/promises';
import type { Database } from './database/database.ts';
import { forgetSignIns } from './identity/forget.ts';
import { forgetRefusals } from './identity/refusals.ts';
import { emptyBin } from './store/empty-bin.ts';
import type { FeedStore } from './watch/feed-store.ts';

/** Positions of the feed that stay; who was away for longer lists anew. */
const keptPositions = 500_000;
/** How long the answer of a call with a request id can be asked for again; AIP-155 leaves it to us. */
const keptAnswers = '48 hours';

/** Forgets what has served its time, every so often, until it is stopped. Servers may do it side by side. */
export function startHousekeeping(parts: {
  readonly database: Database;
  readonly feedStore: Pick<FeedStore, 'trim'>;
  /** How long deleted users can be restored; 0: for ever. */
  readonly binDays: number;
  /** Told after each commit that wrote to the outbox. */
  readonly onCommitted: () => void;
  readonly intervalMs: number;
  readonly onError: (error: unknown) => void;
}): { stop(): Promise<void> } {
  const stopped = new AbortController();
  async function run(): Promise<void> {
    for await (const _ of every(parts.intervalMs, undefined, { signal: stopped.signal })) {
      await parts.feedStore.trim(keptPositions).catch(parts.onError);
      await forgetAnswers(parts.database).catch(parts.onError);
      if (parts.binDays > 0) {
        const { signal } = stopped;
        await emptyBin(parts.database, parts.binDays, { signal, onBatch: parts.onCommitted }).catch((error) => {
          if (!signal.aborted) parts.onError(error);
        });
      }
      await parts.database.run(undefined, forgetSignIns).catch(parts.onError);
      await parts.database.run(undefined, forgetRefusals).catch(parts.onError);
    }
  }
  const running = run().catch(() => undefined);
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}

async function forgetAnswers(database: Database): Promise<void> {
  await database.run(undefined, (connection) =>
    connection.query('delete from request_answers where at < now() - $1::interval', [keptAnswers]),
  );
}
