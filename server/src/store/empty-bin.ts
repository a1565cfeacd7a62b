import type { Database } from '../database/database.ts';
import { purgeUsers } from './purged-users.ts';

/** Users a transaction: the feed waits while one ends. */
const batchSize = 100;

/** Who erases when nobody does, as the history shows it. */
const retention = { id: 'retention', name: 'Retention', sessionId: undefined, tokenId: undefined } as const;

/**
 * Erases the users who were deleted more than `days` ago; `onBatch` is told after each batch. Servers may do it side by side, and people meanwhile restore or erase:
 * whoever is being changed at the moment is left to the next time.
 */
export async function emptyBin(
  database: Database,
  days: number,
  { signal, onBatch }: { readonly signal: AbortSignal; readonly onBatch: () => void },
): Promise<void> {
  while (!signal.aborted) {
    const count = await database.transaction(signal, async (connection) => {
      // Somebody may have changed a million others, whose entries lose the name.
      await connection.query('set local statement_timeout = 0');
      const due = await connection.query<{ id: string }>(
        `select id from users where deleted_at < now() - make_interval(days => $1)
         order by deleted_at, id limit $2 for update skip locked`,
        [days, batchSize],
      );
      const ids = due.map(({ id }) => id);
      if (ids.length > 0) await purgeUsers(connection, ids, { caller: retention, requestId: '', address: '' });
      return ids.length;
    });
    if (count > 0) onBatch();
    if (count < batchSize) return;
  }
}
