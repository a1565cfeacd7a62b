import { createReadStream } from 'node:fs';
import type { Connection, Database, DatabaseOptions } from '../database/database.ts';
import { migrate, schemaVersion } from '../database/migrate.ts';
import { isBadData, isLockTimeout } from '../database/pg-errors.ts';
import { analyseStore, readTableShapes, type SequenceState, setSequence, writeStore } from '../database/store-copy.ts';
import { recordAccess } from '../identity/access-events.ts';
import { type Manifest, type Rows, readArchive } from './backup-archive.ts';
import { hostActor } from './host-actor.ts';
import { ArchiveError } from './tar.ts';

type Options = Pick<DatabaseOptions, 'url' | 'password'>;

export interface Restored {
  readonly takenAt: string;
  readonly rows: Rows;
}

/** As `restoreFrom`, but reads the whole file before anything is touched: what is damaged is not even begun. */
export async function restoreFromFile(options: Options, path: string, signal: AbortSignal): Promise<Restored> {
  const bytes = () => createReadStream(path, { highWaterMark: 1024 * 1024 });
  await readArchive(
    bytes(),
    {
      begin: requireUsable,
      async rows(_, rows) {
        for await (const _part of rows);
      },
      end: async () => undefined,
    },
    signal,
  );
  return restoreFrom(options, bytes(), signal);
}

/**
 * Fills an empty store from a backup, in one transaction: whatever goes wrong, it stays empty. Empty is a store that nobody has used; that its set-up link was made
 * does not count.
 *
 * It becomes a new history of the store that the backup was taken of: whoever followed that feed lists anew. Nobody is signed in any more, and no link is good: some
 * may have been ended since. Passwords, passkeys and API tokens are those of the backup.
 */
export async function restoreFrom(
  options: Options,
  input: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<Restored> {
  const restored = await writeStore(options, async (writer) => {
    const added: Record<string, number> = {};
    let takenAt = '';
    return readArchive(
      input,
      {
        async begin(manifest) {
          requireUsable(manifest);
          ({ takenAt } = manifest);
          await requireEmpty(writer);
          // In the same transaction, so that no server ever sees a store that is neither the one before nor the restored one.
          await migrate(throughOne(writer));
          await clear(writer, manifest);
        },
        async rows(table, rows) {
          added[table.name] = await writer.addRows(table, rows).catch((error: unknown) => {
            throw isBadData(error) ? new ArchiveError(`its rows of ${table.name} are damaged`) : error;
          });
        },
        async end({ rows, sequences }) {
          const missing = Object.entries(rows).filter(([name, count]) => added[name] !== count);
          if (missing.length > 0)
            throw new Error(`not all rows of ${missing.map(([name]) => name).join(', ')} arrived`);
          await beginAnew(writer, takenAt, sequences);
          return { takenAt, rows };
        },
      },
      AbortSignal.any([signal, writer.gone]),
    );
  });
  await analyseStore(options);
  return restored;
}

function requireUsable({ format, schemaVersion: version }: Manifest): void {
  if (format !== 1 || version > schemaVersion)
    throw new Error('A newer Roster has written this backup: restore it with that one.');
  if (version < schemaVersion) {
    throw new Error(
      `An older Roster has written this backup (schema ${version}, this one has ${schemaVersion}). Restore it with that one; this one then brings it up to date.`,
    );
  }
}

/** What a store has before anybody has used it. */
const partsOfAnEmptyStore: ReadonlySet<string> = new Set([
  ...['store', 'feed_head', 'admin_guard'],
  // The set-up link that a start prints, that it was made, and what strangers have tried.
  ...['one_time_links', 'access_events', 'challenges', 'failed_attempts'],
]);

async function requireEmpty(connection: Connection): Promise<void> {
  for (const { name } of await readTableShapes(connection)) {
    if (partsOfAnEmptyStore.has(name)) continue;
    const [row] = await connection.query<{ any: boolean }>(`select exists (select from public."${name}") as any`);
    if (row?.any)
      throw new Error(`This database is in use (${name} has rows). Restore into an empty one; nothing was changed.`);
  }
}

/** A database whose every work runs in the transaction that is open on one connection. */
function throughOne(connection: Connection): Database {
  return {
    run: (_, work) => work(connection),
    transaction: (_, work) => work(connection),
    snapshot: (_, work) => work(connection),
    close: async () => undefined,
  };
}

/** Keeps all others from writing, and takes out what an empty store has. */
async function clear(connection: Connection, manifest: Manifest): Promise<void> {
  const tables = await readTableShapes(connection);
  if (JSON.stringify(tables) !== JSON.stringify(manifest.tables)) {
    throw new ArchiveError('its tables are not those of this Roster');
  }
  const names = tables.map(({ name }) => `public."${name}"`).join(', ');
  await connection.query(`set local lock_timeout = '10s'`);
  await connection.query(`lock table ${names} in share row exclusive mode`).catch((error: unknown) => {
    throw isLockTimeout(error) ? new Error('Somebody is writing to this database. Nothing was changed.') : error;
  });
  // Since the look before, somebody may have been quicker.
  await requireEmpty(connection);
  await connection.query(`set local roster.purging = 'on'`);
  for (const name of partsOfAnEmptyStore) await connection.query(`delete from public."${name}"`);
  await connection.query(`set local roster.purging = 'off'`);
}

async function beginAnew(
  connection: Connection,
  takenAt: string,
  sequences: ReadonlyMap<string, SequenceState>,
): Promise<void> {
  await connection.query('update store set epoch = gen_random_uuid()');
  await connection.query('update sessions set ended_at = now() where ended_at is null');
  await connection.query('update one_time_links set ended_at = now() where ended_at is null');
  await connection.query('delete from challenges');
  for (const [name, state] of sequences) await setSequence(connection, name, state);
  await recordAccess(connection, {
    kind: 'RESTORED',
    actor: hostActor,
    address: '',
    detail: `Backup of ${takenAt}`,
    requestId: '',
  });
}
