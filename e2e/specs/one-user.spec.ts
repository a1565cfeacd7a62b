import { expect } from '@playwright/test';
import { fieldOf } from '../src/console.ts';
import { test } from '../src/fixtures.ts';

test('a user that is deleted elsewhere stays readable where it is open, says so, and can be restored', async ({
  people,
  api,
  console: view,
}) => {
  const user = await people.create('Deleted Elsewhere');
  const panel = await view.open('Deleted Elsewhere');
  await api.delete(user.id);
  await expect(view.row('Deleted Elsewhere')).toHaveCount(0);
  await expect(panel.getByText(/Deleted just now|Deleted .*ago/)).toBeVisible();
  await expect(fieldOf(panel, 'Name')).toHaveValue('Deleted Elsewhere');
  await panel.getByRole('button', { name: 'Restore' }).click();
  await expect(view.row('Deleted Elsewhere')).toBeVisible();
  expect((await api.get(user.id)).deletedAt).toBeUndefined();
});

test('what was being typed about a user that is deleted elsewhere is not lost in silence', async ({
  people,
  api,
  console: view,
}) => {
  const user = await people.create('Typed About');
  const panel = await view.open('Typed About');
  await fieldOf(panel, 'Name').fill('Typed While It Was Deleted');
  await api.delete(user.id);
  await expect(panel.getByText(/^Deleted/).first()).toBeVisible();
  await panel.getByRole('button', { name: 'Restore' }).click();
  await expect(fieldOf(panel, 'Name')).toHaveValue('Typed While It Was Deleted');
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect.poll(async () => (await api.get(user.id)).name).toBe('Typed While It Was Deleted');
});

test('an undo whose email was taken meanwhile says so, and the user stays deleted', async ({
  people,
  api,
  console: view,
}) => {
  const user = await people.create('First With The Address');
  await view.open('First With The Address');
  await view.act('Delete');
  await expect(view.confirmations).toContainText('First With The Address is deleted');
  await people.create('Took The Address', { email: user.email });
  await view.confirmations.getByRole('button', { name: 'Undo' }).click();
  await expect(view.confirmations).toContainText(/Not undone\. Another user has this email address/);
  expect((await api.get(user.id)).deletedAt).toBeDefined();
});

test('the panel leads to the page of its user, and the way back to the list as it was', async ({
  people,
  console: view,
  page,
}) => {
  await people.create('Has A Page');
  const panel = await view.open('Has A Page');
  await panel.getByRole('button', { name: 'Open as page' }).click();
  await expect(page).toHaveURL(/\/users\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('heading', { name: 'Has A Page' })).toBeVisible();
  await page.goBack();
  await expect(view.filterBox).toHaveValue(people.filter);
  await expect(view.panel.getByRole('heading', { name: 'Has A Page' })).toBeVisible();
});

for (const [what, id] of [
  ['that nobody has', '018f0000-0000-7000-8000-000000000000'],
  ['that is none', 'not-an-id'],
  ['with signs in it', '%E0%A4%A'],
] as const) {
  test(`an id ${what} leads to words and never to a blank page`, async ({ page }) => {
    await page.goto(`/users/${id}`);
    await expect(page.getByRole('heading', { name: /No such user|nothing at this address/ })).toBeVisible();
  });
}

test('an order in the address that is none is said, and everyone is one press away', async ({ people, page }) => {
  await people.create('Still Here');
  await page.goto('/users?order=shoe_size');
  await expect(page.getByRole('alert')).toContainText(/order|sort/i);
  await page.getByRole('button', { name: 'Show everyone' }).click();
  await expect(page.getByRole('grid', { name: 'Users' }).getByRole('link').first()).toBeVisible();
});

test('address, tags and metadata are edited in place and saved as one change each', async ({
  people,
  api,
  console: view,
}) => {
  const user = await people.create('Has Details', { tags: ['old'], metadata: { team: 'Atlas' } });
  const panel = await view.open('Has Details');
  await fieldOf(panel, 'City').fill('Zürich');
  await panel.getByRole('button', { name: 'Remove tag old' }).click();
  await fieldOf(panel, 'Tags').fill('new, newer');
  await fieldOf(panel, 'Tags').press('Enter');
  await panel.getByRole('button', { name: 'Add entry' }).click();
  await panel.getByRole('textbox', { name: /key/i }).last().fill('level');
  await panel.getByRole('textbox', { name: /value/i }).last().fill('7');
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(view.confirmations).toContainText(/Saved \d changes/);
  const saved = await api.get(user.id);
  expect(saved.address?.city).toBe('Zürich');
  expect(saved.tags).toEqual([people.tag, 'new', 'newer']);
  expect(saved.metadata).toEqual({ team: 'Atlas', level: '7' });
});

test('a metadata key that programs stumble over is kept as any other, or refused on its own entry', async ({
  people,
  api,
  console: view,
}) => {
  const user = await people.create('Has A Strange Key');
  const panel = await view.open('Has A Strange Key');
  await panel.getByRole('button', { name: 'Add entry' }).click();
  await panel.getByRole('textbox', { name: /key/i }).last().fill('__proto__');
  await panel.getByRole('textbox', { name: /value/i }).last().fill('polluted');
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(panel.locator('[data-field="metadata"]').getByRole('alert')).toContainText(/key|name/i);
  expect((await api.get(user.id)).metadata).toEqual({});
  await expect(panel.getByRole('textbox', { name: /value/i }).last()).toHaveValue('polluted');
});
