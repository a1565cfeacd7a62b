import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import type { DatabaseOptions } from '../database/database.ts';
import { readStore } from '../database/store-copy.ts';
import { type Rows, writeArchive } from './backup-archive.ts';

type Options = Pick<DatabaseOptions, 'url' | 'password'>;

/**
 * Writes the whole store, as it is at one moment, into a new file that only its owner may read. The file has its name only once it is whole; one that exists is
 * never written over. Roster may go on meanwhile.
 */
export async function backupToFile(options: Options, path: string, signal: AbortSignal): Promise<Rows> {
  const unfinished = `${path}.unfinished-${process.pid}`;
  await refuseExisting(path);
  const file = await open(unfinished, 'wx', 0o600).catch((error: Error) => {
    throw new Error(`${unfinished} cannot be written: ${error.message}`);
  });
  try {
    const rows = await backupTo(options, file.createWriteStream({ flush: true }), signal);
    await giveName(unfinished, path);
    return rows;
  } finally {
    // The stream has closed it, unless there was none.
    await file.close().catch(() => undefined);
    await rm(unfinished, { force: true });
  }
}

export function backupTo(options: Options, output: Writable, signal: AbortSignal): Promise<Rows> {
  return readStore(options, async (reader) => {
    const [known] = await reader.query<{ known: boolean }>(
      `select to_regclass('public.schema_migrations') is not null as known`,
    );
    if (!known?.known) throw new Error('This database holds no Roster yet.');
    return writeArchive(reader, new Date(), output, signal);
  });
}

async function refuseExisting(path: string): Promise<void> {
  const existing = await open(path, 'r').catch(() => undefined);
  await existing?.close();
  if (existing) throw new Error(`${path} exists. A backup never replaces a file: choose another name.`);
}

/** A second name fails where the name is taken, which a rename would not; where the file system knows no second names, a rename must do. */
async function giveName(unfinished: string, path: string): Promise<void> {
  try {
    await link(unfinished, path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw error;
    await rename(unfinished, path);
  }
  const folder: FileHandle = await open(dirname(path), 'r');
  await folder.sync().catch(() => undefined);
  await folder.close();
}
