import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startTestApp } from '../../testing/test-app.ts';
import { failed } from '../users/testing/call-failure.ts';
import { createOne, known, remove } from '../users/testing/user-calls.ts';
import { historyOf } from './testing/history-calls.ts';
import { deeds, perform } from './testing/random-history.ts';

test('at every revision of a random history a user is what it was then', async () => {
  const app = await startTestApp();
  const history = historyOf(app);
  await fc.assert(
    fc.asyncProperty(deeds, async (all) => {
      const pasts = await perform([app.client, app.client], all);
      const revisions = pasts.flat().map(({ revision }) => revision);
      for (const past of pasts) {
        const first = known(past[0]);
        for (const revision of revisions) {
          const expected = past.findLast((user) => user.revision <= revision);
          const asked = history.getUserAsOf({ userId: first.id, revision });
          if (expected) expect((await asked.response).user).toEqual(expected);
          else expect(await failed(asked.response)).toMatchObject({ code: 'NOT_FOUND' });
        }
      }
    }),
    { numRuns: 3 },
  );
}, 60_000);

test('a deleted user is still what it was, and at a later revision deleted', async () => {
  const app = await startTestApp();
  const created = await createOne(app.client);
  await remove(app.client, created.id);
  const at = (revision: number) => historyOf(app).getUserAsOf({ userId: created.id, revision }).response;
  expect((await at(created.revision)).user).toEqual(created);
  expect((await at(Number.MAX_SAFE_INTEGER)).user?.deletedAt).toBeDefined();
});

test.each([
  ['user_id REQUIRED', { userId: '', revision: 1 }],
  ['user_id ID_INVALID', { userId: 'x', revision: 1 }],
  ['revision REQUIRED', { userId: crypto.randomUUID(), revision: 0 }],
  ['revision OUT_OF_RANGE', { userId: crypto.randomUUID(), revision: -1 }],
])('42. a mistake is named with its field: %s', async (violation, request) => {
  const app = await startTestApp();
  expect(await failed(historyOf(app).getUserAsOf(request).response)).toMatchObject({
    code: 'INVALID_ARGUMENT',
    violations: [violation],
  });
});
