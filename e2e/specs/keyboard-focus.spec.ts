import { expect } from '@playwright/test';
import { test } from '../src/fixtures.ts';
import { openHistory } from '../src/history.ts';

test('the arrow keys walk through the tabs of the history and stay in them', async ({ page }) => {
  await page.goto('/history');
  const tab = (name: string) => page.getByRole('radiogroup', { name: 'What happened' }).getByRole('radio', { name });
  await tab('Changes').focus();
  for (const [name, path] of [
    ['Sign-ins', '/history/sign-ins'],
    ['Refused', '/history/refused'],
    ['Changes', '/history'],
  ] as const) {
    await page.keyboard.press('ArrowRight');
    await expect(page).toHaveURL(path);
    await expect(tab(name)).toBeFocused();
  }
});

test('a question that is closed gives the focus back to the button that it took the place of', async ({
  page,
  people,
  api,
}) => {
  await page.goto('/account');
  await page.getByRole('button', { name: 'Change the password' }).press('Enter');
  await page.getByRole('button', { name: 'Cancel' }).press('Enter');
  await expect(page.getByRole('button', { name: 'Change the password' })).toBeFocused();

  await page.goto('/tokens');
  const revoke = page.getByRole('button', { name: /^Revoke / }).first();
  await revoke.press('Enter');
  await page.keyboard.press('Escape');
  await expect(revoke).toBeFocused();

  const { id } = await people.create('Focus Kept');
  await api.update(id, { name: 'Focus Kept Twice' }, ['name']);
  const history = await openHistory(page, { person: id });
  const entry = await history.unfold('Focus Kept Twice');
  await entry.getByRole('button', { name: 'Revert' }).press('Enter');
  await entry.getByRole('button', { name: 'Cancel' }).press('Enter');
  await expect(entry.getByRole('button', { name: 'Revert' })).toBeFocused();
});
