import { existsSync, readFileSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { findBinaries } from './binaries.ts';
import { prepareData } from './data-folder.ts';
import { chooseIdentity, type Identity, ownerOf } from './identity.ts';
import { join, leaving, type Membership } from './membership.ts';
import { ensureSocketFolder, type Places, preparePlaces } from './places.ts';
import { spawnPostmaster } from './postmaster.ts';
import { ensureDatabase } from './statement.ts';

export type EmbeddedPostgres = {
  /** A connection string for `pg`, libpq and others. */
  readonly url: string;
  /** PGDATA. */
  readonly dataFolder: string;
  /** Settles when the server is gone, or when this user has left it. */
  readonly ended: Promise<void>;
  /** Leaves the server. The last user that leaves stops it; safe to call twice. */
  release(): Promise<void>;
};

export type PostgresOptions = {
  /** ROSTER_HOME. One home has one server, which all Rosters of that home share. */
  readonly home: string;
  /** False only in tests: nothing is flushed to disk. */
  readonly isDurable?: boolean;
  readonly identity?: Identity;
  /** Fails with a `NoDataError` where the home has no data yet, in place of beginning with none. */
  readonly mustExist?: boolean;
};

/** The home has no data, and none was to be made. */
export class NoDataError extends Error {
  override readonly name = 'NoDataError';
}

/** Roster's own; the membership's lock lies in the database `postgres`, for all of them. */
const databaseName = 'roster';

/** So long may a server recover after a crash, or another Roster's stop take, before the start gives up. */
const patienceMs = 120_000;

/**
 * Uses the PostgreSQL that runs for this home, or starts it. Whether one runs is decided by connecting, never by a pid:
 * so it also finds the one that a killed Roster left behind.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const identity = options.identity ?? chooseIdentity();
  const places = preparePlaces(options.home, await findBinaries(), identity);
  if (options.mustExist && !existsSync(places.data)) throw new NoDataError(`There is no data in ${options.home} yet.`);
  const url = `postgresql://roster@localhost/postgres?host=${encodeURIComponent(places.socketFolder)}`;
  const membership = await joinOrStart(url, places, identity, options.isDurable ?? true);
  await ensureDatabase(url, databaseName).catch(async (error: unknown) => {
    await release(membership, url, places);
    throw error;
  });
  let released: Promise<void> | undefined;
  return {
    url: url.replace('/postgres?', `/${databaseName}?`),
    dataFolder: places.data,
    ended: membership.ended,
    release: () => {
      released ??= release(membership, url, places);
      return released;
    },
  };
}

async function joinOrStart(url: string, places: Places, identity: Identity, isDurable: boolean): Promise<Membership> {
  const giveUpAt = Date.now() + patienceMs;
  let child: ReturnType<typeof spawnPostmaster> | undefined;
  for (;;) {
    const answer = await join(url).catch((error: NodeJS.ErrnoException) => error);
    if (!(answer instanceof Error) && answer !== leaving) return answer;
    const isAbsent = answer instanceof Error && (answer.code === 'ENOENT' || answer.code === 'ECONNREFUSED');
    if (isAbsent && !child?.isAlive()) {
      if (child !== undefined && !child.wasRefusedByAnother()) throw new Error(child.complaint());
      await prepareData(places, identity);
      ensureSocketFolder(places.socketFolder, ownerOf(identity)); // Another one's stop may have removed it meanwhile.
      child = spawnPostmaster(places, identity, isDurable);
    }
    if (Date.now() > giveUpAt)
      throw new Error(
        child?.isAlive() === false ? child.complaint() : `PostgreSQL does not answer; its log is ${places.logFile}`,
      );
    await wait(20);
  }
}

async function release(membership: Membership, url: string, places: Places): Promise<void> {
  const isLast = await membership.leave().catch(async () => {
    const again = await join(url).catch(() => leaving);
    return again === leaving ? false : (again as Membership).leave().catch(() => false);
  });
  if (!isLast) return;
  await stop(places);
  await rmdir(places.socketFolder).catch(() => {}); // Somebody may be using it again.
}

/** SIGINT is PostgreSQL's fast shutdown: it ends sessions, writes a checkpoint and removes its pid file last. */
async function stop(places: Places): Promise<void> {
  const pid = readPostmasterPid(places);
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGINT');
    while (readPostmasterPid(places) === pid) {
      process.kill(pid, 0);
      await wait(10);
    }
    for (const giveUpAt = Date.now() + 500; Date.now() < giveUpAt; await wait(5)) process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function readPostmasterPid(places: Places): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(`${places.data}/postmaster.pid`, 'utf8'), 10);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
