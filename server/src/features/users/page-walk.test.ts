import type { User } from '@roster/proto/gen/userservice/v1/user';
import { comparePlaces, formatOrderBy, type Order, orderFields, orderKey } from '@roster/proto/order';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestApp } from '../../testing/test-app.ts';
import { bulkCreate, known, list, remove, someone, update, walk } from './testing/user-calls.ts';

let app: Awaited<ReturnType<typeof openTestApp>>;
beforeAll(async () => {
  app = await openTestApp();
  await bulkCreate(
    app.client,
    Array.from({ length: 60 }, (_, index) => someone({ name: `N${index % 9}`, role: (index % 3) + 1 })),
  );
});
afterAll(() => app.close());

type Step = { readonly kind: 'insert' | 'rename' | 'delete'; readonly pick: number; readonly name: string };

const steps: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('insert', 'rename', 'delete'),
  pick: fc.nat(1000),
  name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }).map((text) => `x${text.replace(/\p{Cc}/gu, '')}`),
});

/** Makes one change and says whom it touched. */
async function perform(step: Step, users: readonly User[]): Promise<string> {
  const { id } = known(users[step.pick % users.length]);
  switch (step.kind) {
    case 'insert':
      return known((await app.client.createUser(someone({ name: step.name })).response).user).id;
    case 'rename':
      await update(app.client, { id, user: { name: step.name } }).catch(() => undefined);
      return id;
    case 'delete':
      await remove(app.client, id).catch(() => undefined);
      return id;
  }
}

const orders: readonly Order[] = orderFields.flatMap((field) => [
  { field, descending: false },
  { field, descending: true },
]);

test.each(orders.map((order) => [formatOrderBy(order), order] as const))(
  'while others insert, rename and delete, a walk by %s shows each untouched row once, in order',
  async (orderBy, order) => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 12 }), fc.integer({ min: 3, max: 25 }), async (all, pageSize) => {
        const before = (await list(app.client, { pageSize: 1000 })).users;
        const touched = new Set<string>();
        const waiting = [...all];
        const walked = await walk(app.client, { orderBy, pageSize }, async () => {
          for (const step of waiting.splice(0, 3)) touched.add(await perform(step, before));
        });
        const untouched = (users: readonly User[]) => users.filter(({ id }) => !touched.has(id));
        const place = (user: User) => ({ key: orderKey(user, order.field), id: user.id });
        const expected = untouched(before).toSorted((a, b) => comparePlaces(order, place(a), place(b)));
        expect(untouched(walked)).toEqual(expected);
        // Even of rows that moved, what a walk shows never goes back.
        expect(walked).toEqual(walked.toSorted((a, b) => comparePlaces(order, place(a), place(b))));
      }),
      { numRuns: 4 },
    );
  },
  30_000,
);
