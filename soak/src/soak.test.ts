import { expect, onTestFailed, test } from 'vitest';
import { summaryOf } from './report.ts';
import { runSoak, type SoakOptions, type SoakResult } from './soak.ts';

const seed = Math.floor(Math.random() * 1_000_000);

/** Runs, and prints the sum; what was done in detail only if the test fails. */
async function run(options: Pick<SoakOptions, 'durationMs' | 'mode'>): Promise<SoakResult> {
  const log: string[] = [];
  onTestFailed(() => console.log(log.join('\n')));
  console.log(`seed ${seed}`);
  const result = await runSoak({ seed, ...options, say: (line) => log.push(line) });
  console.log(summaryOf(seed, result));
  return result;
}

test('every promise is kept while servers, proxy, database and wires fail', { timeout: 300_000 }, async () => {
  const result = await run({ durationMs: 30_000, mode: 'faults' });
  expect(result.violations.slice(0, 10)).toEqual([]);
  expect(result.resumes).toBeGreaterThan(5);
  expect(result.writes.acknowledged).toBeGreaterThan(100);
});

test('no call fails and no promise is broken while servers are restarted in turn', { timeout: 300_000 }, async () => {
  const result = await run({ durationMs: 1, mode: 'rolling' });
  expect(result.failures).toEqual([]);
  expect(result.violations.slice(0, 10)).toEqual([]);
  expect(result.faults).toBe(3);
});
