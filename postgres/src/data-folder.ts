import { spawn } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { chown, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { commandAs, type Identity, ownerOf } from './identity.ts';
import type { Places } from './places.ts';

/**
 * Makes the data folder with initdb, unless it is there. It appears in one step, so that an interrupted start leaves
 * nothing half made, and of two that start at once one wins and the other uses what the winner made.
 *
 * The locale is libc's C.UTF-8: with `C`, or with PostgreSQL's own provider, pg_trgm drops letters beyond ASCII.
 */
export async function prepareData(places: Places, identity: Identity): Promise<void> {
  if (existsSync(places.data)) return;
  const unfinished = await mkdtemp(`${places.data}.`);
  if (identity === 'nobody') await chown(unfinished, ownerOf(identity), ownerOf(identity));
  try {
    await runInitdb(places, identity, unfinished);
    renameSync(unfinished, places.data);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(places.data)) throw error;
  }
}

function runInitdb(places: Places, identity: Identity, folder: string): Promise<void> {
  const initdb = commandAs(identity, join(places.binaries, 'bin/initdb'), [
    ...['-D', folder, '-U', 'roster', '-A', 'trust', '--locale=C.UTF-8', '-E', 'UTF8', '--no-instructions'],
  ]);
  return new Promise((resolve, reject) => {
    const child = spawn(initdb.command, initdb.args, {
      ...initdb.options,
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    child.stderr?.on('data', (text) => {
      complaint += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`PostgreSQL could not make its data folder ${places.data}: ${complaint.trim()}`));
    });
  });
}
