import { execFile } from 'node:child_process';
import { inRoot } from './paths.ts';

/** One thing that `pnpm check` proves. Rejects with what is wrong. */
export type Step = { readonly name: string; run(): Promise<void> };

export type Tally = { readonly passed: number; readonly failed: number; readonly skipped: number };

/** Runs steps, two at a time, and prints a line for each as it ends. */
export async function runSteps(steps: readonly Step[], print: (line: string) => void): Promise<Tally> {
  const waiting = [...steps];
  let failed = 0;
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
      failed += 1;
      print(indent(fault));
    }
  };
  await Promise.all([worker(), worker()]);
  return { passed: steps.length - failed, failed, skipped: 0 };
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
  const sum = (key: keyof Tally) => tallies.reduce((total, tally) => total + tally[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

export const tallyLine = ({ passed, failed, skipped }: Tally) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}
