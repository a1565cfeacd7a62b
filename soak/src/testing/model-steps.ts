import fc from 'fast-check';
import type { Step } from './model-run.ts';

const small = fc.nat({ max: 5 });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      user: small,
      role: small,
      vip: fc.boolean(),
      deleted: fc.integer({ min: 0, max: 4 }).map((chance) => chance === 0),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hold' as const), user: small, role: small }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('commit' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('sequence' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('hear' as const), server: small }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      client: small,
      limit: fc.integer({ min: 1, max: 4 }),
      isCut: fc.integer({ min: 0, max: 3 }).map((chance) => chance === 0),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('connect' as const),
      client: small,
      server: small,
      forgets: fc.integer({ min: 0, max: 3 }).map((chance) => chance === 0),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('compact' as const), keep: fc.nat({ max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore' as const) }) },
);

/** Schedules of writes, commit orders, servers that lag, cuts, resumes, compactions and restores. */
export const schedules: fc.Arbitrary<readonly Step[]> = fc.array(step, { minLength: 10, maxLength: 80, size: 'max' });
