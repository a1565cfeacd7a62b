import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { identityOf } from './process-identity.ts';
import { endOrphans, openRunFolder } from './run-folder.ts';

const homes: string[] = [];
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const home of homes.splice(0)) rmSync(home, { recursive: true });
});

function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'roster-run-'));
  homes.push(home);
  return home;
}

async function startSleeper(script = 'setInterval(() => {}, 1000); console.log(1)'): Promise<number> {
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child.pid ?? 0;
}

/** A run folder as a killed stack leaves it. */
function leaveRunFolder(home: string, entries: readonly { name: string; pid: number; identity: string }[]): string {
  const path = join(home, 'run', '4194999');
  mkdirSync(path, { recursive: true });
  const owner = { name: 'stack', pid: 4_194_999, identity: 'gone' };
  writeFileSync(join(path, 'owner.json'), JSON.stringify(owner));
  for (const entry of entries) writeFileSync(join(path, `${entry.name}.json`), JSON.stringify(entry));
  return path;
}

test('what a killed stack left running is ended, also if it ignores the polite way', { timeout: 30_000 }, async () => {
  const home = makeHome();
  const polite = await startSleeper();
  const stubborn = await startSleeper("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log(1)");
  const path = leaveRunFolder(home, [
    { name: 'server', pid: polite, identity: identityOf(polite) ?? '' },
    { name: 'Envoy', pid: stubborn, identity: identityOf(stubborn) ?? '' },
  ]);
  expect((await endOrphans(home)).toSorted()).toEqual(['Envoy', 'server']);
  expect([identityOf(polite), identityOf(stubborn)]).toEqual([undefined, undefined]);
  expect(existsSync(path)).toBe(false);
});

test('a process that only has the pid of an orphan is left alone', async () => {
  const home = makeHome();
  const stranger = await startSleeper();
  leaveRunFolder(home, [{ name: 'server', pid: stranger, identity: 'another boot 1' }]);
  expect(await endOrphans(home)).toEqual([]);
  expect(identityOf(stranger)).toBeDefined();
});

test('a living stack of the same home is left alone', async () => {
  const home = makeHome();
  const child = await startSleeper();
  const folder = openRunFolder(home);
  folder.record('server', child);
  expect(await endOrphans(home)).toEqual([]);
  expect(identityOf(child)).toBeDefined();
  folder.remove();
});

test('broken notes of a killed stack do not keep the next one from starting', async () => {
  const home = makeHome();
  const path = leaveRunFolder(home, []);
  writeFileSync(join(path, 'server.json'), '{"pid":');
  expect(await endOrphans(home)).toEqual([]);
  expect(existsSync(path)).toBe(false);
});
