import { measureBytes } from './cases/bytes.ts';
import { measureFanOut } from './cases/fan-out.ts';
import { measureFilters } from './cases/filters.ts';
import { measureFirstLoad } from './cases/first-load.ts';
import { measureFrames } from './cases/frames.ts';
import { measureIdleMemory } from './cases/idle-memory.ts';
import { measureJump } from './cases/jump.ts';
import { measurePageCpu } from './cases/page-cpu.ts';
import { measurePageDepth } from './cases/page-depth.ts';
import { measurePixel } from './cases/pixel.ts';
import { measureResume } from './cases/resume.ts';
import { measureSignInLoad } from './cases/sign-in-load.ts';
import { measureTotals } from './cases/totals.ts';
import { measureWorstMessages } from './cases/worst-messages.ts';
import { measureWriters } from './cases/writers.ts';
import { fullPace, type Pace, quickPace } from './pace.ts';
import { printResult, type Result } from './report.ts';

const cases: Readonly<Record<string, (pace: Pace) => Promise<Result | readonly Result[]>>> = {
  bytes: measureBytes,
  'fan-out': measureFanOut,
  'first-load': measureFirstLoad,
  filters: measureFilters,
  'idle-memory': measureIdleMemory,
  jump: measureJump,
  frames: measureFrames,
  'page-cpu': measurePageCpu,
  'page-depth': measurePageDepth,
  pixel: measurePixel,
  resume: measureResume,
  'sign-in-load': measureSignInLoad,
  totals: measureTotals,
  'worst-messages': measureWorstMessages,
  writers: measureWriters,
};

/** Runs the named cases, or all; `--quick` to try them out. Fails if a gate does; figures are shown, never judged. */
async function main(args: readonly string[]): Promise<number> {
  const pace = args.includes('--quick') ? quickPace : fullPace;
  const names = args.filter((arg) => arg !== '--quick');
  const unknown = names.find((name) => !Object.hasOwn(cases, name));
  if (unknown !== undefined) {
    console.error(`There is no benchmark “${unknown}”. There are: ${Object.keys(cases).join(', ')}.`);
    return 1;
  }
  const results: Result[] = [];
  for (const [name, measure] of Object.entries(cases)) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.log(`\n== ${name}`);
    const measured = [await measure(pace)].flat();
    for (const result of measured) printResult(result);
    results.push(...measured);
  }
  return results.every((result) => result.gate.holds) ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
