import { measureFirstLoad } from './cases/first-load.ts';
import { measurePageDepth } from './cases/page-depth.ts';
import { printResult, type Result } from './report.ts';

const cases: Readonly<Record<string, () => Promise<Result | readonly Result[]>>> = {
  'first-load': measureFirstLoad,
  'page-depth': measurePageDepth,
};

/** Runs the named cases, or all. Fails if a gate does; figures are shown, never judged. */
async function main(names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => !Object.hasOwn(cases, name));
  if (unknown !== undefined) {
    console.error(`There is no benchmark “${unknown}”. There are: ${Object.keys(cases).join(', ')}.`);
    return 1;
  }
  const results: Result[] = [];
  for (const [name, measure] of Object.entries(cases)) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.log(`\n== ${name}`);
    const measured = [await measure()].flat();
    for (const result of measured) printResult(result);
    results.push(...measured);
  }
  return results.every((result) => result.gate.holds) ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
