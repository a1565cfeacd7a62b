import { expect, test } from 'vitest';
import { summaryOf } from './report.ts';
import { runSoak } from './soak.ts';

const seed = Math.floor(Math.random() * 1_000_000);
const say = (line: string) => console.log(line);

test('every promise is kept while servers, proxy, database and wires fail', { timeout: 240_000 }, async () => {
  console.log(`repeat with: pnpm soak --minutes 0.5 --seed ${seed}`);
  const result = await runSoak({ seed, durationMs: 30_000, mode: 'faults', say });
  console.log(summaryOf(seed, result));
  expect(result.violations.slice(0, 10)).toEqual([]);
  expect(result.resumes).toBeGreaterThan(10);
  expect(result.writes.acknowledged).toBeGreaterThan(100);
});

test('no call fails and no promise is broken while three servers are restarted in turn', {
  timeout: 240_000,
}, async () => {
  const result = await runSoak({ seed, durationMs: 1, mode: 'rolling', say });
  console.log(summaryOf(seed, result));
  expect(result.failures).toEqual([]);
  expect(result.violations.slice(0, 10)).toEqual([]);
  expect(result.faults).toBe(3);
});
