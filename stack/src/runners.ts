import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packages } from './code-steps.ts';
import { childEnvironment } from './config.ts';
import { findChromium } from './find-chromium.ts';
import { inRoot } from './paths.ts';
import { binary, type Tally } from './steps.ts';

/** What a runner that broke down counts as: a run without a result must never look green. */
const brokenDown: Tally = { passed: 0, failed: 1, skipped: 0 };

/** Runs the tests of every package that has some, one package after the other. */
export async function runVitest(): Promise<readonly Tally[]> {
  const tallies: Tally[] = [];
  for (const name of packages) {
    if (name === 'e2e' || !(await hasTests(name))) continue;
    console.log(`\n— tests of ${name} —`);
    tallies.push(
      await withReport(async (report) => {
        const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
        const exitCode = await run(binary('.', 'vitest'), ['run', '--root', name, ...reporters], '.', {});
        return tallyOf(exitCode, readVitest(await readFile(report, 'utf8')));
      }),
    );
  }
  return tallies;
}

/** Drives Chromium through the whole stack. */
export async function runPlaywright(): Promise<Tally> {
  console.log('\n— end to end —');
  return withReport(async (report) => {
    const settings = { ROSTER_CHROMIUM: await findChromium(), PLAYWRIGHT_JSON_OUTPUT_FILE: report };
    const exitCode = await run(binary('e2e', 'playwright'), ['test', '--reporter=list,json'], 'e2e', settings);
    return tallyOf(exitCode, readPlaywright(await readFile(report, 'utf8')));
  });
}

async function withReport(use: (report: string) => Promise<Tally>): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'roster-report-'));
  try {
    return await use(join(folder, 'report.json'));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return brokenDown;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A runner may fail without a failed test: an error outside of one, or no test at all. */
function tallyOf(exitCode: number, tally: Tally): Tally {
  return exitCode !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

export function readVitest(report: string): Tally {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(report) as Record<
    string,
    number
  >;
  return {
    passed: numPassedTests ?? 0,
    failed: numFailedTests ?? 0,
    skipped: (numPendingTests ?? 0) + (numTodoTests ?? 0),
  };
}

/** A test that passed only when it was repeated counts as failed: it proves nothing. */
export function readPlaywright(report: string): Tally {
  const { stats } = JSON.parse(report) as { stats: Record<string, number> };
  return {
    passed: stats['expected'] ?? 0,
    failed: (stats['unexpected'] ?? 0) + (stats['flaky'] ?? 0),
    skipped: stats['skipped'] ?? 0,
  };
}

function run(
  program: string,
  args: readonly string[],
  folder: string,
  settings: Record<string, string>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { cwd: inRoot(folder), env: childEnvironment(settings), stdio: 'inherit' as const };
    const child = spawn(program, args, options);
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

async function hasTests(name: string): Promise<boolean> {
  for (const folder of ['src', 'serve']) {
    const files = await readdir(inRoot(name, folder), { recursive: true }).catch(() => []);
    if (files.some((file) => /\.test\.tsx?$/.test(file))) return true;
  }
  return false;
}
