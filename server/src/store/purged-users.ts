import type { Connection } from '../database/database.ts';
import { recordAccess } from '../identity/access-events.ts';
import type { Author } from './user-store.ts';

/**
 * Erases deleted users whose rows the caller has locked: the row, its history, credentials, kept answers, and what the feed remembers. Of what they did to others the
 * entries stay, by “Erased person”. Their ids are never given again; their email addresses are free.
 *
 * Runs at the end of the caller's transaction: until that commits the feed waits. Tell the sequencer afterwards.
 */
export async function purgeUsers(
  connection: Connection,
  ids: readonly string[],
  by: Pick<Author, 'requestId' | 'address'> & { readonly caller: Parameters<typeof recordAccess>[1]['actor'] },
): Promise<void> {
  const { caller: actor, address, requestId } = by;
  await connection.query('select purge_users($1)', [ids]);
  for (const userId of ids) await recordAccess(connection, { kind: 'PURGED', actor, address, userId, requestId });
}

/** Those of some ids that somebody has, or had and was erased. */
export async function findTakenIds(connection: Connection, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await connection.query<{ id: string }>(
    'select id from users where id = any($1::uuid[]) union select id from purged_users where id = any($1::uuid[])',
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
}
