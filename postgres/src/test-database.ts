import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stopAbandoned } from './abandoned.ts';
import { startPostgres } from './embedded-postgres.ts';
import { quote, run } from './statement.ts';

export type TestPostgres = {
  readonly url: string;
  /** Stops the server and removes its data. */
  stop(): Promise<void>;
};

/** Starts a PostgreSQL for one test run, and removes those of test runs that were killed. Nothing is flushed to disk. */
export async function startTestPostgres(): Promise<TestPostgres> {
  removeAbandonedHomes();
  const home = mkdtempSync(join(tmpdir(), `${homePrefix}${process.pid}-`));
  const postgres = await startPostgres({ home, isDurable: false });
  return {
    url: postgres.url,
    stop: async () => {
      await postgres.release();
      const socketFolder = new URL(postgres.url).searchParams.get('host');
      for (const folder of [home, dirname(dirname(postgres.dataFolder)), socketFolder])
        if (folder !== null) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes a database of a random name and tells its connection string. A template must have no open connections. */
export async function createDatabase(url: string, options: { readonly template?: string } = {}): Promise<string> {
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`;
  const template = options.template === undefined ? '' : ` TEMPLATE ${quote(databaseNameOf(options.template))}`;
  await run(url, `CREATE DATABASE ${quote(name)}${template}`);
  const created = new URL(url);
  created.pathname = `/${name}`;
  return created.toString();
}

/** Drops the database that the connection string names, and ends the sessions in it. */
export async function dropDatabase(url: string): Promise<void> {
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  await run(maintenance.toString(), `DROP DATABASE IF EXISTS ${quote(databaseNameOf(url))} WITH (FORCE)`);
}

/** Takes a connection string or a bare name. */
function databaseNameOf(database: string): string {
  return database.includes('://') ? decodeURIComponent(new URL(database).pathname.slice(1)) : database;
}

const homePrefix = 'roster-test-';

function removeAbandonedHomes(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^roster-test-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`) || process.platform !== 'linux') continue;
    stopAbandoned(join(tmpdir(), name, 'postgres', 'data'));
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}
