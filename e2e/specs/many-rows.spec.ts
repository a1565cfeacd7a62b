import { expect, type Locator } from '@playwright/test';
import type { Console } from '../src/console.ts';
import { testOnOwnStack } from '../src/own-stack-fixtures.ts';
import { seedPeople } from '../src/seed.ts';

const people = 30_000;
const test = testOnOwnStack();

test.beforeAll(async ({ stack }) => {
  test.setTimeout(180_000);
  // The admin whom the windows are signed in as is one of them.
  await seedPeople(stack.databaseUrl, people - 1);
});

test('thirty thousand people open on their first page, and the total is told', async ({ openWindow }) => {
  const startedAt = Date.now();
  const view = await openWindow('');
  await expect.poll(async () => (await view.names()).length).toBeGreaterThan(10);
  test.info().annotations.push({ type: 'delay', description: `${Date.now() - startedAt} ms to the first rows, live` });
  await expect(view.total).toHaveText('30,000');
  await expect(view.grid).toHaveAttribute('aria-rowcount', String(people + 1));
});

test('the End key leads to the last row, and Home back to the first', async ({ openWindow, api }) => {
  const view = await openWindow('');
  await expect(rowAt(view, 0)).toBeVisible();
  const first = await nameOf(rowAt(view, 0));
  await view.grid.focus();
  await view.page.keyboard.press('Control+End');
  await expect(rowAt(view, people - 1)).toBeVisible();
  const [oldest] = await lastPeople(api.client);
  await expect(
    rowAt(view, people - 1)
      .locator('[data-column="name"] a bdi')
      .first(),
  ).toHaveText(oldest ?? '');
  await view.page.keyboard.press('Control+Home');
  await expect(rowAt(view, 0).locator('[data-column="name"] a bdi').first()).toHaveText(first);
});

test('the scrollbar reaches any place: the rows there are the right ones', async ({ openWindow, api }) => {
  const view = await openWindow('');
  await expect(rowAt(view, 0)).toBeVisible();
  await view.grid.evaluate((grid) => {
    grid.scrollTop = (grid.scrollHeight - grid.clientHeight) / 2;
  });
  // The rows of before may still be drawn for a moment.
  const firstShown = async () =>
    Number(await view.grid.locator('[data-index]:has(a)').first().getAttribute('data-index'));
  await expect
    .poll(firstShown, { timeout: 15_000, message: 'rows in the middle are loaded' })
    .toBeGreaterThan(people * 0.4);
  const index = await firstShown();
  expect(index).toBeLessThan(people * 0.6);
  const call = api.client.listUsers({ ...noQuery, skip: index, pageSize: 1 });
  const expected: string[] = [];
  for await (const user of call.responses) expected.push(user.name);
  await expect(rowAt(view, index).locator('[data-column="name"] a bdi').first()).toHaveText(expected[0] ?? '');
});

test('rows that arrive while one reads further down wait, and come at a press', async ({ openWindow, people }) => {
  const view = await openWindow('');
  await expect(rowAt(view, 0)).toBeVisible();
  await view.grid.evaluate((grid) => grid.scrollTo({ top: 400 }));
  await expect(rowAt(view, 20)).toBeVisible();
  const before = await nameOf(rowAt(view, 20));
  await people.create('Newest Of All');
  await expect(view.arrivals).toHaveText('1 new');
  expect(await nameOf(rowAt(view, 20))).toBe(before);
  await view.arrivals.click();
  await expect(view.row('Newest Of All')).toBeVisible();
  await expect(view.arrivals).toHaveCount(0);
});

test('who is deleted while one reads further down keeps the place, and says that they are gone', async ({
  openWindow,
  people,
  api,
}) => {
  const user = await people.create('Goes While Read');
  for (const name of ['Stays Before', 'Stays First']) await people.create(name);
  const view = await openWindow('');
  await expect(view.row('Goes While Read')).toBeVisible();
  await view.grid.evaluate((grid) => grid.scrollTo({ top: 40 }));
  await expect(view.cell('Goes While Read', 'state')).toHaveText('Active');
  await api.delete(user.id);
  await expect(view.cell('Goes While Read', 'state')).toHaveText('Gone');
  await expect(view.row('Goes While Read')).toContainText('not on this list any more');
  await view.grid.evaluate((grid) => grid.scrollTo({ top: 0 }));
  await expect(view.row('Goes While Read')).toHaveCount(0);
});

test('a filter by role and time lists just those', async ({ openWindow, api }) => {
  const filter = 'role = ADMIN AND created_at > 2024-01-01';
  const view = await openWindow(filter);
  const call = api.client.listUsers({ ...noQuery, filter, pageSize: 1 });
  for await (const _ of call.responses);
  const total = Number((await call.trailers)['x-total-size']);
  expect(total).toBeGreaterThan(0);
  expect(total).toBeLessThan(people);
  await expect(view.total).toHaveText(`${total.toLocaleString('en')} match`);
  const roles = await view.grid.locator('[data-index] [data-column="role"]').allTextContents();
  expect(new Set(roles.filter(Boolean))).toEqual(new Set(['Admin']));
});

const noQuery = {
  pageSize: 1,
  pageToken: '',
  filter: '',
  orderBy: '',
  skip: 0,
  showDeleted: false,
  watch: false,
  envelope: false,
  resumeToken: '',
};

function rowAt(view: Console, index: number): Locator {
  return view.grid.locator(`[data-index="${index}"]:has(a)`);
}

async function nameOf(row: Locator): Promise<string> {
  return (await row.locator('[data-column="name"] a bdi').first().textContent()) ?? '';
}

/** The names at the list's end, the last one first. */
async function lastPeople(client: {
  listUsers(request: typeof noQuery): { readonly responses: AsyncIterable<{ readonly name: string }> };
}): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of client.listUsers({ ...noQuery, orderBy: 'created_at' }).responses) names.push(name);
  return names;
}
