import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { canStrangersEnter, type Identity, ownerOf } from './identity.ts';

export type Places = {
  /** PGDATA. */
  readonly data: string;
  /** The folder that holds `bin`, `lib` and `share`. */
  readonly binaries: string;
  /** The folder of the unix socket. Its path is short, because a socket's path ends at some 107 bytes. */
  readonly socketFolder: string;
  readonly logFile: string;
};

/** Makes the folders of one home and tells where they are. The same home always gives the same places. */
export function preparePlaces(home: string, packagedBinaries: string, identity: Identity): Places {
  const key = createHash('sha256').update(resolve(home)).digest('hex').slice(0, 12);
  const isOpen = identity !== 'nobody' || canStrangersEnter(resolve(home));
  const root = isOpen ? join(resolve(home), 'postgres') : `/var/lib/roster/${key}/postgres`;
  makeFolder(root);
  if (identity === 'nobody') chownSync(root, ownerOf(identity), ownerOf(identity));
  const binaries =
    identity === 'nobody' && !canStrangersEnter(packagedBinaries)
      ? copyOnce(packagedBinaries, isOpen ? join(root, 'binaries') : `/var/lib/roster/${key}/binaries`)
      : packagedBinaries;
  return {
    data: join(root, 'data'),
    binaries,
    socketFolder: ensureSocketFolder(`/tmp/roster-${ownerOf(identity)}-${key}`, ownerOf(identity)),
    logFile: join(root, 'postgres.log'),
  };
}

/**
 * Makes the socket's folder, or makes sure that the one there is ours alone. It lies not below TMPDIR: every Roster of a
 * home must find the same one, whatever its environment says.
 */
export function ensureSocketFolder(folder: string, owner: number): string {
  try {
    mkdirSync(folder, { mode: 0o700 });
    if (owner !== process.getuid?.()) chownSync(folder, owner, owner);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== owner || (found.mode & 0o077) !== 0)
    throw new Error(`${folder} belongs to somebody else or is open to others: remove it, then start again.`);
  return folder;
}

function copyOnce(from: string, to: string): string {
  if (existsSync(to)) return to;
  const unfinished = `${to}.${process.pid}`;
  cpSync(from, unfinished, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(unfinished, to);
  } catch {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return to;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Error(`The data folder ${folder} cannot be made (ROSTER_HOME): ${(error as Error).message}`);
  }
}
