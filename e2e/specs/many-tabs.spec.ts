import { expect } from '@playwright/test';
import { fieldOf, openConsole } from '../src/console.ts';
import { test } from '../src/fixtures.ts';

/** Over plain HTTP a browser has six connections for all its tabs, and a feed holds one. */
const tabs = 8;

test('in more tabs than a browser has connections all lists stay new, and each says how', async ({
  people,
  api,
  page,
  context,
  baseURL,
}) => {
  test.skip(baseURL?.startsWith('https:') === true, 'over TLS one connection carries all');
  test.slow();
  const user = await people.create('In Every Tab');
  const views = [await openConsole(page, people.filter)];
  while (views.length < tabs)
    views.push(await openConsole(await context.newPage(), people.filter, /^(Live|Refreshed every 5 s)$/));
  for (const view of views) await expect(view.row('In Every Tab')).toBeVisible();
  const words = await Promise.all(views.map((view) => view.connection.textContent()));
  expect(words.filter((each) => each === 'Live')).toHaveLength(4);

  await api.update(user.id, { name: 'New In Every Tab' }, ['name']);
  for (const view of views) await expect(view.row('New In Every Tab')).toBeVisible({ timeout: 20_000 });

  // A tab that closes leaves its connection to one that waits.
  const [first, ...others] = views;
  await first?.page.close();
  await expect
    .poll(
      async () => {
        const after = await Promise.all(others.map((view) => view.connection.textContent()));
        return after.filter((each) => each === 'Live').length;
      },
      { timeout: 20_000 },
    )
    .toBe(4);
});

test('in each of seven tabs the form saves, with a live list or without', async ({
  people,
  api,
  page,
  context,
  baseURL,
}) => {
  test.skip(baseURL?.startsWith('https:') === true, 'over TLS one connection carries all');
  test.slow();
  const user = await people.create('Saved Never');
  const views = [await openConsole(page, people.filter)];
  while (views.length < 7)
    views.push(await openConsole(await context.newPage(), people.filter, /^(Live|Refreshed every 5 s)$/));
  let shownName = 'Saved Never';
  for (const [index, view] of views.entries()) {
    // A list without a feed is read every five seconds.
    await expect(view.row(shownName)).toBeVisible();
    const panel = await view.open(shownName);
    const name = `Saved In Tab ${index}`;
    await fieldOf(panel, 'Name').fill(name);
    await panel.getByRole('button', { name: 'Save' }).click();
    // The confirmation goes after four seconds, in which a busy machine with seven tabs may not look.
    await expect.poll(async () => (await api.get(user.id)).name, { timeout: 20_000 }).toBe(name);
    await expect(panel.getByRole('button', { name: 'Save' })).toHaveCount(0);
    await expect(panel.getByRole('heading', { name })).toBeVisible();
    shownName = name;
  }
  for (const view of views) await expect(view.row(shownName)).toBeVisible();
});
