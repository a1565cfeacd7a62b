import { expect } from '@playwright/test';
import { test } from '../src/fixtures.ts';

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
