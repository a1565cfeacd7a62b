import type { Readable, Writable } from 'node:stream';
import type { DatabaseOptions } from '../database/database.ts';
import { backupTo, backupToFile } from './backup.ts';
import type { Rows } from './backup-archive.ts';
import { restoreFrom, restoreFromFile } from './restore.ts';
import { ArchiveError } from './tar.ts';

/** What the commands work with. */
export interface BackupParts {
  readonly store: Pick<DatabaseOptions, 'url' | 'password'>;
  readonly input: Readable;
  readonly output: Writable & { readonly isTTY?: boolean };
  /** Ends what is under way, which then leaves nothing. */
  readonly signal: AbortSignal;
}

/** Stands for the standard input or output. */
const standard = '-';

/** `roster backup FILE`. Returns in words what was done. */
export async function backup({ store, output, signal }: BackupParts, args: readonly string[]): Promise<string> {
  const path = onlyPath(args);
  if (path === standard && output.isTTY) throw new Error('A backup is not text: send it into a file, or name one.');
  const rows = path === standard ? await backupTo(store, output, signal) : await backupToFile(store, path, signal);
  return `Backed up ${inWords(rows)}.`;
}

/** `roster restore FILE`. Returns in words what was done. */
export async function restore({ store, input, signal }: BackupParts, args: readonly string[]): Promise<string> {
  const path = onlyPath(args);
  try {
    const { rows, takenAt } =
      path === standard ? await restoreFrom(store, input, signal) : await restoreFromFile(store, path, signal);
    return `Restored ${inWords(rows)}, as of ${takenAt}. Everybody has to sign in again.`;
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    throw new Error(`This backup cannot be used: ${error.message}. Nothing was changed.`);
  }
}

function onlyPath(args: readonly string[]): string {
  const [path = '', ...more] = args;
  if (path === '' || more.length > 0) throw new Error('Name one file, or - for the standard input or output.');
  return path;
}

function inWords({ users = 0, changes = 0 }: Rows): string {
  const { format } = new Intl.NumberFormat('en');
  return `${format(users)} users and ${format(changes)} changes`;
}
