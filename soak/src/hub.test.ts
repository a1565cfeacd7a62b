import fc from 'fast-check';
import { expect, test } from 'vitest';
import { check } from './checker.ts';
import { playHubs } from './testing/hub-run.ts';
import { schedules } from './testing/model-steps.ts';

/** A hub sends on by the clock, so schedules are played side by side. */
const atOnce = 10;

test('two hubs over one store keep every promise, whatever is written, cut, compacted, restored, and read slowly', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(schedules, { minLength: atOnce, maxLength: atOnce }), async (many) => {
      const violations = (await Promise.all(many.map(playHubs))).flatMap(check);
      expect(violations).toEqual([]);
    }),
    { numRuns: 15, endOnFailure: true },
  );
});
