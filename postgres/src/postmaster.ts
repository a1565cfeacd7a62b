import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { commandAs, type Identity } from './identity.ts';
import type { Places } from './places.ts';

const settings = {
  listen_addresses: '',
  max_connections: '200',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  // A forgotten transaction keeps the outbox from being cleaned and the feed from being fast.
  idle_in_transaction_session_timeout: '60s',
  log_min_messages: 'warning',
  // The details of an error hold the row: email addresses, hashes.
  log_error_verbosity: 'terse',
  unix_socket_permissions: '0700',
} as const;

const unsafeSettings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } as const;

const logLimitBytes = 10 * 1024 * 1024;

/** Starts the server in a process group of its own, so that Ctrl-C in the terminal ends our orderly stop and not it. */
export function spawnPostmaster(places: Places, identity: Identity, isDurable: boolean) {
  const all = { ...settings, ...(isDurable ? {} : unsafeSettings), unix_socket_directories: places.socketFolder };
  const { command, args, options } = commandAs(identity, join(places.binaries, 'bin/postgres'), [
    ...['-D', places.data],
    ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]);
  if ((statSync(places.logFile, { throwIfNoEntry: false })?.size ?? 0) > logLimitBytes) truncateSync(places.logFile);
  const logStart = statSync(places.logFile, { throwIfNoEntry: false })?.size ?? 0;
  const log = openSync(places.logFile, 'a', 0o600);
  const child = spawn(command, args, { ...options, cwd: '/', detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.unref();
  let spawnError: Error | undefined;
  child.on('error', (error) => {
    spawnError = error;
  });
  const output = () => spawnError?.message ?? readFileSync(places.logFile).subarray(logStart).toString();
  return {
    isAlive: () => isAlive(child) && spawnError === undefined,
    /** Another Roster was quicker, or the processes of a killed server are not gone yet: trying again will do. */
    wasRefusedByAnother: () =>
      /lock file "[^"]*" (already exists|is empty)|could not remove old lock file|pre-existing shared memory|could not create lock file.*No such file/.test(
        output(),
      ),
    complaint: () => `PostgreSQL did not start: ${lastLine(output())} (the whole log: ${places.logFile})`,
  };
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function lastLine(text: string): string {
  const lines = text.trim().split('\n');
  return (lines.findLast((line) => line.includes('FATAL')) ?? lines.at(-1) ?? 'no reason given').trim();
}
