import { expect } from '@playwright/test';
import { consoleOn } from '../src/console.ts';
import { test } from '../src/fixtures.ts';

test('the page is answered with every security header, and no answer tells a version', async ({ page }) => {
  const response = await page.goto('/users');
  const headers = response?.headers() ?? {};
  expect(headers['content-security-policy']).toContain("script-src 'self'");
  expect(headers['content-security-policy']).toContain("require-trusted-types-for 'script'");
  expect(headers['content-security-policy']).not.toContain('unsafe');
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  });
  expect(headers['server'] ?? '').not.toMatch(/\d/);
  await expect(consoleOn(page).connection).toHaveText('Live');
});

test('an asset that is not there is a 404 and never the page', async ({ page, request }) => {
  expect((await request.get('/assets/nothing.js')).status()).toBe(404);
  await page.goto('/nowhere/at/all');
  await expect(page.getByRole('heading', { name: /not|no /i })).toBeVisible();
});
