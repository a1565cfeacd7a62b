import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, expect, test } from 'vitest';
import { type EmbeddedPostgres, NoDataError, startPostgres } from './embedded-postgres.ts';
import type { Identity } from './identity.ts';

const isRoot = process.getuid?.() === 0;
const opened: EmbeddedPostgres[] = [];
const homes: string[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((postgres) => postgres.release()));
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});

function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'roster-postgres-'));
  homes.push(home);
  return home;
}

async function open(home: string, identity?: Identity): Promise<EmbeddedPostgres> {
  const postgres = await startPostgres({ home, ...(identity && { identity }) });
  opened.push(postgres);
  homes.push(new URL(postgres.url).searchParams.get('host') ?? home);
  return postgres;
}

async function query(url: string, text: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

const pidOf = (postgres: EmbeddedPostgres) =>
  Number.parseInt(readFileSync(`${postgres.dataFolder}/postmaster.pid`, 'utf8'), 10);

test('where data must be there, none is made', async () => {
  const home = makeHome();
  await expect(startPostgres({ home, mustExist: true })).rejects.toThrow(NoDataError);
  expect(existsSync(join(home, 'postgres', 'data'))).toBe(false);
});

test('it is PostgreSQL 18 with fsync, C.UTF-8 and trigrams of every script', { timeout: 30_000 }, async () => {
  const { url } = await open(makeHome());
  expect(await query(url, 'SHOW server_version')).toMatch(/^18\./);
  expect(await query(url, 'SHOW fsync')).toBe('on');
  expect(await query(url, 'SHOW listen_addresses')).toBe('');
  expect(await query(url, `SELECT datcollate FROM pg_database WHERE datname = current_database()`)).toBe('C.UTF-8');
  await query(url, 'CREATE EXTENSION pg_trgm');
  expect(await query(url, `SELECT show_trgm('äö')::text`)).not.toBe('{}');
});

test('what a row holds stays out of its log, here and in the containers', { timeout: 30_000 }, async () => {
  const { url, dataFolder } = await open(makeHome());
  await query(url, 'CREATE TABLE people (email text UNIQUE)');
  const insert = () => query(url, `INSERT INTO people SELECT 'canary' || '@people.example'`);
  await insert();
  await expect(insert()).rejects.toThrow('violates unique constraint');
  const log = readFileSync(join(dataFolder, '../postgres.log'), 'utf8');
  expect(log).toContain('violates unique constraint');
  expect(log).not.toContain('canary@people.example');
  const compose = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8');
  expect(compose).toMatch(/command: \[postgres, .*log_error_verbosity=terse/);
});

test('two that start at once share one server, and only the last that leaves stops it', {
  timeout: 30_000,
}, async () => {
  const home = makeHome();
  const [first, second] = await Promise.all([open(home), open(home)]);
  const pid = pidOf(first);
  expect(pidOf(second)).toBe(pid);
  await first.release();
  expect(await query(second.url, 'SELECT 1')).toBe(1);
  await second.release();
  expect(existsSync(`${second.dataFolder}/postmaster.pid`)).toBe(false);
  const third = await open(home);
  expect(await query(third.url, 'SELECT 1')).toBe(1);
});

test('both may leave at the same moment, and the server is gone afterwards', { timeout: 30_000 }, async () => {
  const home = makeHome();
  const all = await Promise.all([open(home), open(home), open(home)]);
  await Promise.all(all.map((postgres) => postgres.release()));
  expect(existsSync(`${all[0].dataFolder}/postmaster.pid`)).toBe(false);
});

test('a start during a stop waits for it and then has a server of its own', { timeout: 30_000 }, async () => {
  const home = makeHome();
  const first = await open(home);
  const leaving = first.release();
  const second = await open(home);
  await leaving;
  expect(await query(second.url, 'SELECT 1')).toBe(1);
});

test('what was acknowledged is there after the server was killed', { timeout: 60_000 }, async () => {
  const home = makeHome();
  const first = await open(home);
  await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS value');
  process.kill(pidOf(first), 'SIGKILL');
  await first.ended;
  const second = await open(home);
  expect(await query(second.url, 'SELECT value FROM kept')).toBe(7);
});

test('the server outlives a killed Roster, and the next one uses and stops it', { timeout: 60_000 }, async () => {
  const home = makeHome();
  const script = `import { startPostgres } from ${JSON.stringify(import.meta.resolve('./embedded-postgres.ts'))};
    await startPostgres({ home: ${JSON.stringify(home)} }); console.log('up'); setInterval(() => {}, 1000);`;
  const killed = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => killed.stdout.once('data', resolve));
  const pid = Number.parseInt(readFileSync(join(home, 'postgres/data/postmaster.pid'), 'utf8'), 10);
  killed.kill('SIGKILL');
  await new Promise((resolve) => killed.once('exit', resolve));
  const next = await open(home);
  expect(pidOf(next)).toBe(pid);
  // A killed user counts as one until the server has noticed.
  const users = `SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'roster-stack'`;
  await expect.poll(() => query(next.url, users)).toBe(1);
  await next.release();
  expect(existsSync(`${next.dataFolder}/postmaster.pid`)).toBe(false);
});

test('the socket lies in a closed folder, and a folder that others can enter is refused', {
  timeout: 30_000,
}, async () => {
  const home = makeHome();
  const { url, release } = await open(home);
  const folder = new URL(url).searchParams.get('host') ?? '';
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(`${folder}/.s.PGSQL.5432`.length).toBeLessThan(107);
  await release();
  expect(existsSync(folder)).toBe(false);
  mkdirSync(folder, { mode: 0o755 });
  await expect(open(home)).rejects.toThrow(`${folder} belongs to somebody else or is open to others`);
});

test.runIf(isRoot)('as root the files stay with root, also below a closed home', { timeout: 30_000 }, async () => {
  const closed = makeHome();
  execFileSync('chmod', ['700', closed]);
  const { url, dataFolder } = await open(join(closed, 'inner'), 'namespace');
  expect(await query(url, 'SELECT 1')).toBe(1);
  expect(statSync(dataFolder).uid).toBe(0);
});

test.runIf(isRoot)(
  'where namespaces are refused it runs as nobody in a folder that nobody can enter',
  { timeout: 60_000 },
  async () => {
    const open755 = makeHome();
    execFileSync('chmod', ['755', open755]);
    const inside = await open(open755, 'nobody');
    expect(await query(inside.url, 'SELECT 1')).toBe(1);
    expect(inside.dataFolder.startsWith(open755)).toBe(true);

    const closed = join(makeHome(), 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const outside = await open(closed, 'nobody');
    expect(await query(outside.url, 'SELECT 1')).toBe(1);
    expect(outside.dataFolder).toMatch(/^\/var\/lib\/roster\//);
    expect(statSync(outside.dataFolder).uid).toBe(65_534);
    homes.push(outside.dataFolder.replace(/\/postgres\/data$/, ''));
  },
);

test('a home that cannot be made is named', async () => {
  const home = makeHome();
  execFileSync('touch', [join(home, 'file')]);
  await expect(open(join(home, 'file'))).rejects.toThrow(/cannot be made \(ROSTER_HOME\)/);
});
