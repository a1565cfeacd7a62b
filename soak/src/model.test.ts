import { isChange } from '@roster/server/watch/feed-change';
import { foldChanges } from '@roster/server/watch/fold-changes';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { check } from './checker.ts';
import { consoleRule } from './client-table.ts';
import { honestParts, type ModelParts, playModel } from './testing/model-run.ts';
import { schedules } from './testing/model-steps.ts';

const seed = 20_261_124;

test('every schedule of writes, commits, cuts, resumes and compactions keeps every promise', () => {
  fc.assert(
    fc.property(schedules, (steps) => {
      expect(check(playModel(steps))).toEqual([]);
    }),
    { numRuns: 600 },
  );
});

const mutants: readonly { readonly name: string; readonly parts: Partial<ModelParts> }[] = [
  {
    name: 'a fold that asks only the last change whether the row was visible',
    parts: {
      fold: (changes, judge, limits) => {
        const folded = foldChanges(changes, judge, limits);
        const last = (id: string) =>
          changes.filter(isChange).findLast(({ userId, seq }) => userId === id && seq <= folded.to);
        const wasVisible = (id: string) => {
          const change = last(id);
          return change !== undefined && judge(change).before;
        };
        return { ...folded, removals: folded.removals.filter(({ id }) => wasVisible(id)) };
      },
    },
  },
  {
    name: 'a client that lets the answers of its own writes in by the rule of the feed',
    parts: { onAnswer: (table, user) => void table.addPage([user]) },
  },
  {
    name: 'a good token that goes on from where the server is',
    parts: {
      openToken: (sealer, token, now) => {
        const judged = honestParts.openToken(sealer, token, now);
        return judged.ok ? { ok: true, seq: now.seq, epoch: now.epoch } : judged;
      },
    },
  },
  { name: 'a checkpoint that is ahead of what was sent', parts: { checkpointAt: (_, head) => head } },
  {
    name: 'a feed that goes on behind the highest revision it has seen',
    parts: { place: (committed, highest) => committed.filter(({ revision }) => revision > highest) },
  },
  {
    name: 'a token below the floor that is resumed',
    parts: {
      openToken: (sealer, token, now) => honestParts.openToken(sealer, token, { ...now, floor: 0, maxBehind: 1e9 }),
    },
  },
  {
    name: 'a token of another epoch that is resumed',
    parts: {
      openToken: (sealer, token, now) => {
        const judged = honestParts.openToken(sealer, token, now);
        return token !== '' && !judged.ok ? { ok: true, seq: now.seq, epoch: now.epoch } : judged;
      },
    },
  },
  {
    name: 'a client that lets every upsert in',
    parts: { rule: { ...consoleRule, isNewUpsert: () => true } },
  },
];

test.each(mutants)('is caught: $name', ({ parts }) => {
  const found = fc.check(
    fc.property(schedules, (steps) => check(playModel(steps, { ...honestParts, ...parts })).length === 0),
    { numRuns: 1500, seed },
  );
  expect(found.failed).toBe(true);
});
