import fc from 'fast-check';
import { expect, test } from 'vitest';
import { check } from './checker.ts';
import { promiseNames } from './promise.ts';
import { fromLines, toLines } from './recording.ts';
import { playModel } from './testing/model-run.ts';
import { schedules } from './testing/model-steps.ts';
import { plantedFaults } from './testing/planted.ts';

const honest = fc.sample(schedules, { numRuns: 300, seed: 5 }).map((steps) => playModel(steps));

test('an honest recording breaks no promise, also after it was written down and read again', () => {
  for (const recording of honest) expect(check(fromLines([...toLines(recording)].join('')))).toEqual([]);
});

test.each(plantedFaults)('finds that the feed is not $promise: $name', ({ promise, plant }) => {
  const planted = honest.map(plant).filter((recording) => recording !== undefined);
  expect(planted.length).toBeGreaterThan(0);
  const broken = planted.map((recording) => new Set(check(recording).map((violation) => violation.promise)));
  const missed = broken.filter((promises) => !promises.has(promise));
  expect(`missed ${missed.length} of ${planted.length}`).toBe(`missed 0 of ${planted.length}`);
});

test('every promise has a planted fault', () => {
  expect(new Set(plantedFaults.map(({ promise }) => promise))).toEqual(new Set(promiseNames));
});
