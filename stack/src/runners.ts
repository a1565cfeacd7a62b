import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { packages } from './code-steps.ts';
import { childEnvironment } from './config.ts';
import { findChromium } from './find-chromium.ts';
import { inRoot } from './paths.ts';
import { binary, type Failure, type Tally } from './steps.ts';

/** Runs the tests of every package that has some, one package after the other. */
export async function runVitest(): Promise<readonly Tally[]> {
  const tallies: Tally[] = [];
  for (const name of packages) {
    if (name === 'e2e' || !(await hasTests(name))) continue;
    console.log(`\n— tests of ${name} —`);
    tallies.push(
      await withReport(`tests of ${name}`, async (report) => {
        const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
        const exitCode = await run(binary('.', 'vitest'), ['run', '--root', name, ...reporters], '.', {});
        return tallyOf(`tests of ${name}`, exitCode, readVitest(await readFile(report, 'utf8')));
      }),
    );
  }
  return tallies;
}

/** Drives Chromium through the whole stack. */
export async function runPlaywright(): Promise<Tally> {
  console.log('\n— end to end —');
  return withReport('end to end', async (report) => {
    const settings = { ROSTER_CHROMIUM: await findChromium(), PLAYWRIGHT_JSON_OUTPUT_FILE: report };
    const exitCode = await run(binary('e2e', 'playwright'), ['test', '--reporter=list,json'], 'e2e', settings);
    return tallyOf('end to end', exitCode, readPlaywright(await readFile(report, 'utf8')));
  });
}

/** A runner that breaks down counts as failed: a run without a result must never look green. */
async function withReport(name: string, use: (report: string) => Promise<Tally>): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'roster-report-'));
  try {
    return await use(join(folder, 'report.json'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(reason);
    return { passed: 0, skipped: 0, failures: [{ name, reason }] };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A runner may fail without a failed test: an error outside of one, or no test at all. */
function tallyOf(name: string, exitCode: number, tally: Tally): Tally {
  if (exitCode === 0 || tally.failures.length > 0) return tally;
  return { ...tally, failures: [{ name, reason: `The runner ended with code ${exitCode}: see its output above.` }] };
}

type VitestReport = {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    /** Why the file could not be run; empty where its tests were. */
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
};

export function readVitest(report: string): Tally {
  const { testResults: files } = JSON.parse(report) as VitestReport;
  const results = files.flatMap(({ name: file, assertionResults }) =>
    assertionResults.map((result) => ({ ...result, file })),
  );
  const broken = files.filter(({ status, message }) => status === 'failed' && message !== '');
  const failed = results.filter(({ status }) => status === 'failed');
  const passed = results.filter(({ status }) => status === 'passed').length;
  return {
    passed,
    skipped: results.length - passed - failed.length,
    failures: [
      ...broken.map(({ name: file, message }) => ({ name: relative(inRoot(), file), reason: message })),
      ...failed.map(({ file, fullName, failureMessages }) => ({
        name: `${relative(inRoot(), file)} › ${fullName}`,
        reason: failureMessages.join('\n'),
      })),
    ],
  };
}

type PlaywrightSuite = {
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs?: readonly {
    readonly file: string;
    readonly title: string;
    readonly tests: readonly {
      readonly status: 'expected' | 'unexpected' | 'flaky' | 'skipped';
      readonly results: readonly { readonly error?: { readonly message?: string } }[];
    }[];
  }[];
};

/** A test that passed only when it was repeated counts as failed: it proves nothing. */
export function readPlaywright(report: string): Tally {
  const tests = specsOf(JSON.parse(report) as PlaywrightSuite).flatMap(({ file, title, tests: runs }) =>
    runs.map((run) => ({ ...run, name: `${file} › ${title}` })),
  );
  const count = (wanted: string) => tests.filter(({ status }) => status === wanted).length;
  const failed = tests.filter(({ status }) => status === 'unexpected' || status === 'flaky');
  return {
    passed: count('expected'),
    skipped: count('skipped'),
    failures: failed.map(({ name, results }): Failure => {
      const messages = results.flatMap(({ error }) => error?.message ?? []);
      return { name, reason: stripVTControlCharacters(messages.join('\n')) };
    }),
  };
}

function specsOf(suite: PlaywrightSuite): NonNullable<PlaywrightSuite['specs']> {
  return [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];
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
