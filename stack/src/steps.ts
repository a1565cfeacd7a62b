import { execFile } from 'node:child_process';
import { inRoot } from './paths.ts';

/** One thing that `pnpm check` proves. Rejects with what is wrong. */
export type Step = { readonly name: string; run(): Promise<void> };

/** One test or step that failed. */
export type Failure = { readonly name: string; readonly reason: string };

export type Tally = { readonly passed: number; readonly skipped: number; readonly failures: readonly Failure[] };

/** Runs steps, two at a time, and prints a line for each as it ends. */
export async function runSteps(steps: readonly Step[], print: (line: string) => void): Promise<Tally> {
  const waiting = [...steps];
  const failures: Failure[] = [];
  const worker = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const startedAt = performance.now();
      const fault = await step.run().then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      print(`${fault === undefined ? '✓' : '✗'} ${step.name} (${seconds} s)`);
      if (fault === undefined) continue;
      failures.push({ name: step.name, reason: fault });
      print(indent(fault));
    }
  };
  await Promise.all([worker(), worker()]);
  return { passed: steps.length - failures.length, skipped: 0, failures };
}

/** Runs a program below a folder of the checkout; resolves with its output and rejects with it if it failed. */
export function runProgram(folder: string, program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd: inRoot(folder), maxBuffer: 64 * 1024 * 1024 };
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${stdout}${stderr}`.trim() || error.message));
    });
  });
}

/** A program of an installed package, as the package's folder below a workspace package has it. */
export const binary = (folder: string, name: string) => inRoot(folder, 'node_modules/.bin', name);

export function addTallies(tallies: readonly Tally[]): Tally {
  const sum = (key: 'passed' | 'skipped') => tallies.reduce((total, tally) => total + tally[key], 0);
  return { passed: sum('passed'), skipped: sum('skipped'), failures: tallies.flatMap((tally) => tally.failures) };
}

/** The sum in one line, below the failures once more: whoever sees only the end of the output sees why. */
export function summary({ passed, skipped, failures }: Tally): string {
  const reasons = failures.map(({ name, reason }) => `✗ ${name}\n${indent(beginning(reason))}\n`);
  return [...reasons, `${passed} passed, ${failures.length} failed, ${skipped} skipped`].join('\n');
}

const beginning = (text: string) => text.split('\n').slice(0, 20).join('\n');

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}
