import { expect } from '@playwright/test';
import { consoleOn } from '../src/console.ts';
import { test } from '../src/fixtures.ts';

test('49. the page is answered with every security header: no unsafe-inline, no unsafe-eval, Trusted Types required; no answer tells a version', async ({
  page,
}) => {
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

test('49. an inline script, an inline handler and markup from text are all blocked, and the browser reports each', async ({
  page,
  complaints,
}) => {
  const violated: string[] = [];
  await page.exposeFunction('noteViolation', (directive: string) => violated.push(directive));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
      Reflect.get(window, 'noteViolation')(effectiveDirective),
    );
  });
  // The page as the proxy answers it, policy and all, with what an attacker would have got into it.
  await page.route('**/users', async (route) => {
    const response = await route.fetch();
    const attack =
      '<script>document.title = "script ran"</script><i id="bait" onclick="document.title = `handler ran`"></i>';
    await route.fulfill({ response, body: (await response.text()).replace('</body>', `${attack}</body>`) });
  });
  await page.goto('/users');
  await expect(consoleOn(page).connection).toHaveText('Live');
  await page.locator('#bait').dispatchEvent('click');
  const thrown = await page.evaluate(() => {
    try {
      document.body.innerHTML = '<b>markup from text</b>';
      return 'nothing';
    } catch (error) {
      return error instanceof Error ? error.name : 'something';
    }
  });
  expect(thrown).toBe('TypeError');
  await expect
    .poll(() => new Set(violated))
    .toEqual(new Set(['script-src-elem', 'script-src-attr', 'require-trusted-types-for']));
  await expect(page).not.toHaveTitle(/ran/);
  await expect(consoleOn(page).connection).toHaveText('Live');
  expect(complaints.length).toBeGreaterThanOrEqual(3);
  complaints.length = 0;
});
