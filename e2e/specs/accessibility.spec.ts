import { expect } from '@playwright/test';
import { expectNoFaults } from '../src/accessibility.ts';
import { consoleOn, fieldOf } from '../src/console.ts';
import { test } from '../src/fixtures.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`list, panel, create, help and page have no fault that axe finds, in ${colorScheme}`, async ({
    page,
    people,
    console: view,
  }) => {
    test.slow();
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const user = await people.create('Axe Person', { tags: ['one', 'two'] });
    await expect(view.row('Axe Person')).toBeVisible();
    await expectNoFaults(page, 'list');
    const panel = await view.open('Axe Person');
    await fieldOf(panel, 'Name').fill('Axe Person, changed');
    await expectNoFaults(page, 'panel with a change');
    await panel.getByRole('button', { name: 'Discard', exact: true }).click();
    await view.openNew();
    await panel.getByRole('button', { name: 'Create user' }).click();
    await expect(panel.getByRole('alert').first()).toBeVisible();
    await expectNoFaults(page, 'create with violations');
    await panel.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'How to filter' }).click();
    await expect(page.getByRole('dialog', { name: 'How to filter' })).toBeVisible();
    await expectNoFaults(page, 'filter help');
    await page.goto(`/users/${user.id}`);
    await expect(page.getByRole('heading', { name: 'Axe Person' })).toBeVisible();
    await expectNoFaults(page, 'page of a user');
  });

  test(`the states without rows have no fault that axe finds, in ${colorScheme}`, async ({ page, people }) => {
    test.slow();
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(`/users?filter=${people.filter}`);
    await expect(page.getByRole('heading', { name: 'No one matches' })).toBeVisible();
    await expectNoFaults(page, 'no match');
    await page.goto('/users?filter=role+%3D');
    await expect(consoleOn(page).filterMistake).toBeVisible();
    await expectNoFaults(page, 'filter mistake');
    await page.route('**/ListUsers', (route) => route.abort());
    await page.goto('/users');
    await expect(page.getByRole('alert')).toContainText('cannot be reached', { timeout: 30_000 });
    await expectNoFaults(page, 'failed');
    await page.goto('/no/such/page');
    await expectNoFaults(page, 'not found');
  });
}

test('everything is done by keyboard alone: filter, walk, open, edit, save, back', async ({
  people,
  api,
  console: view,
}) => {
  await people.create('Key Board One');
  const second = await people.create('Key Board Two');
  await expect(view.total).toHaveText('2 match');
  const { keyboard } = view.page;
  await keyboard.press('/');
  await expect(view.filterBox).toBeFocused();
  await keyboard.press('ArrowDown');
  await expect(view.grid).toBeFocused();
  await keyboard.press('ArrowUp');
  await keyboard.press('ArrowDown');
  await expect(view.row('Key Board Two')).toHaveAttribute('data-active', 'true');
  await keyboard.press('Enter');
  await expect(view.panel.getByRole('heading', { name: 'Key Board Two' })).toBeVisible();
  await expect.poll(() => view.panel.evaluate((panel) => panel.contains(document.activeElement))).toBe(true);
  for (let presses = 0; presses < 12; presses += 1) {
    if (await fieldOf(view.panel, 'Name').evaluate((input) => input === document.activeElement)) break;
    await keyboard.press('Tab');
  }
  await expect(fieldOf(view.panel, 'Name')).toBeFocused();
  await keyboard.press('Control+a');
  await keyboard.type('Typed By Keyboard');
  await keyboard.press('Control+s');
  await expect(view.confirmations).toContainText('Saved 1 change');
  expect((await api.get(second.id)).name).toBe('Typed By Keyboard');
  await keyboard.press('Escape');
  await expect(view.panel).toHaveCount(0);
  await expect(view.grid).toBeFocused();
});

test('single keys do nothing while one types', async ({ console: view }) => {
  const panel = await view.openNew();
  await fieldOf(panel, 'Name').pressSequentially('n/?[nn');
  await expect(fieldOf(panel, 'Name')).toHaveValue('n/?[nn');
  await expect(view.page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toHaveCount(0);
});
