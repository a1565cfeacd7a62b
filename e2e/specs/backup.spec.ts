import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import { childEnvironment } from '@roster/stack/config';
import { inRoot } from '@roster/stack/paths';
import { consoleOn, openConsole } from '../src/console.ts';
import { testOnOwnStack } from '../src/own-stack-fixtures.ts';
import { seedPeople } from '../src/seed.ts';
import { signInForm } from '../src/sign-in-page.ts';

const test = testOnOwnStack(async () => ({ serverCount: 2 }));

const script = inRoot('server/dist/host.js');
const seeded = 20_000;

/** Runs `roster …` on a database to its end. */
async function roster(databaseUrl: string, ...args: string[]): Promise<string> {
  const env = childEnvironment({ DATABASE_URL: databaseUrl });
  const { stderr } = await promisify(execFile)(process.execPath, [script, ...args], { env });
  return stderr;
}

test('62. the whole store is backed up while Roster runs and restored after a disaster, also after a restore was killed; who looks on is told', async ({
  stack,
  api,
  admin,
  people,
  database,
  page,
}) => {
  test.setTimeout(180_000);
  await seedPeople(stack.databaseUrl, seeded);
  await people.create('In The Backup');
  const folder = await mkdtemp(join(tmpdir(), 'roster-backup-'));
  const file = join(folder, 'roster.backup');
  expect(await roster(stack.databaseUrl, 'backup', file)).toMatch(/^Backed up 20,00\d users and 20,0\d\d changes\.\n$/);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await people.create('After The Backup');
  const view = await openConsole(page, people.filter);
  await expect(view.row('After The Backup')).toBeVisible();
  await expect(roster(stack.databaseUrl, 'restore', file)).rejects.toThrow('This database is in use');

  await database.query('drop schema public cascade');
  await database.query('create schema public');
  const child = spawn(process.execPath, [script, 'restore', file], {
    env: childEnvironment({ DATABASE_URL: stack.databaseUrl }),
    stdio: 'ignore',
  });
  await expect
    .poll(
      () =>
        database.query(`select from pg_stat_activity where application_name = 'roster host' and query like 'copy %'`),
      {
        intervals: [5],
        timeout: 30_000,
      },
    )
    .toHaveLength(1);
  await killed(child);
  await expect
    .poll(() => database.query(`select from pg_stat_activity where application_name = 'roster host'`))
    .toHaveLength(0);
  expect(await database.query(`select from pg_tables where schemaname = 'public'`)).toHaveLength(0);

  expect(await roster(stack.databaseUrl, 'restore', file)).toMatch(/^Restored 20,00\d users/);
  expect(await readdir(folder)).toEqual(['roster.backup']);
  await rm(folder, { recursive: true });
  // Nobody is signed in any more, and the servers never went away.
  const form = signInForm(page);
  await expect(form.email).toBeVisible({ timeout: 40_000 });
  await form.signIn(admin);
  const again = consoleOn(page);
  await expect(again.row('In The Backup')).toBeVisible();
  await expect(again.row('After The Backup')).toHaveCount(0);
  await expect(again.total).toHaveText('1 matches');
  // The programs’ tokens are those of the backup, and changes travel as before.
  await people.create('After The Restore');
  await expect(again.row('After The Restore')).toBeVisible();
  expect((await api.list(people.filter)).map(({ name }) => name).toSorted()).toEqual([
    'After The Restore',
    'In The Backup',
  ]);
});

function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  return new Promise((resolve) => child.once('exit', () => resolve()));
}
