import { expect, test } from 'vitest';
import { readPlaywright, readVitest } from './runners.ts';
import { addTallies, runSteps, tallyLine } from './steps.ts';

test('the last line sums up all runners', () => {
  const vitest = readVitest('{"numPassedTests":10,"numFailedTests":1,"numPendingTests":2,"numTodoTests":1}');
  const playwright = readPlaywright('{"stats":{"expected":5,"unexpected":1,"flaky":1,"skipped":1}}');
  expect(tallyLine(addTallies([vitest, playwright]))).toBe('15 passed, 3 failed, 4 skipped');
});

test('a step that rejects counts as failed and its reason is printed', async () => {
  const lines: string[] = [];
  const steps = [
    { name: 'good', run: async () => {} },
    { name: 'bad', run: () => Promise.reject(new Error('the reason')) },
  ];
  expect(await runSteps(steps, (line) => lines.push(line))).toEqual({ passed: 1, failed: 1, skipped: 0 });
  expect(lines.join('\n')).toMatch(/✓ good.*✗ bad.*the reason/s);
});
