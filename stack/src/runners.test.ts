import { expect, test } from 'vitest';
import { readPlaywright, readVitest } from './runners.ts';
import { addTallies, runSteps, summary } from './steps.ts';

const vitestReport = {
  testResults: [
    { name: '/anywhere/broken.test.ts', status: 'failed', message: 'Cannot find module', assertionResults: [] },
    {
      name: '/anywhere/rank.test.ts',
      status: 'failed',
      message: '',
      assertionResults: [
        { status: 'passed', fullName: 'a', failureMessages: [] },
        { status: 'failed', fullName: 'a jump lands', failureMessages: ['expected 1 to be 2'] },
        { status: 'pending', fullName: 'c', failureMessages: [] },
        { status: 'todo', fullName: 'd', failureMessages: [] },
      ],
    },
  ],
};

const spec = (title: string, status: string, message?: string) => ({
  file: 'list.spec.ts',
  title,
  tests: [{ status, results: [message === undefined ? {} : { error: { message } }] }],
});

const playwrightReport = {
  suites: [
    {
      specs: [spec('opens', 'expected'), spec('filters', 'unexpected', '\u001B[31mno row\u001B[39m')],
      suites: [{ specs: [spec('sorts', 'flaky', 'late'), spec('prints', 'skipped')] }],
    },
  ],
};

test('the end sums up all runners and says once more what failed and why', () => {
  const tallies = [readVitest(JSON.stringify(vitestReport)), readPlaywright(JSON.stringify(playwrightReport))];
  const end = summary(addTallies(tallies));
  expect(end).toMatch(/✗ .*broken\.test\.ts\n {4}Cannot find module\n/);
  expect(end).toMatch(/✗ .*rank\.test\.ts › a jump lands\n {4}expected 1 to be 2\n/);
  expect(end).toContain('✗ list.spec.ts › filters\n    no row\n');
  expect(end).toContain('✗ list.spec.ts › sorts\n    late\n');
  expect(end).toMatch(/\n2 passed, 4 failed, 3 skipped$/);
});

test('a step that rejects counts as failed and its reason is printed', async () => {
  const lines: string[] = [];
  const steps = [
    { name: 'good', run: async () => {} },
    { name: 'bad', run: () => Promise.reject(new Error('the reason')) },
  ];
  expect(await runSteps(steps, (line) => lines.push(line))).toEqual({
    passed: 1,
    skipped: 0,
    failures: [{ name: 'bad', reason: 'the reason' }],
  });
  expect(lines.join('\n')).toMatch(/✓ good.*✗ bad.*the reason/s);
});
