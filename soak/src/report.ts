import type { Violation } from './promise.ts';
import type { SoakResult } from './soak.ts';

const shownOfEach = 5;

/** Prints the first few violations of each promise, with their evidence; one mistake often shows in hundreds of rows. */
export function printViolations(violations: readonly Violation[], print: (line: string) => void): void {
  for (const promise of new Set(violations.map((violation) => violation.promise))) {
    const broken = violations.filter((violation) => violation.promise === promise);
    print(`not ${promise}: ${broken.length} times`);
    for (const { where, at, evidence } of broken.slice(0, shownOfEach))
      print(`    ${where}${at > 0 ? ` (${new Date(at).toISOString()})` : ''}: ${evidence}`);
  }
}

export function summaryOf(seed: number, result: SoakResult): string {
  const { acknowledged, refused, unknown } = result.writes;
  return [
    `seed ${seed}`,
    `writes ${acknowledged} acknowledged, ${refused} refused, ${unknown} unknown, ${result.failures.length} given up`,
    `faults ${result.faults}, snapshots ${result.snapshots}, converged in ${result.convergedMs} ms`,
    `events ${result.events}, kills ${result.kills}, resumes ${result.resumes}, violations: ${result.violations.length}`,
  ].join('\n');
}
