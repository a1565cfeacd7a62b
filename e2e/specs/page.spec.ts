import { expect } from '@playwright/test';
import { consoleOn, fieldOf, openConsole } from '../src/console.ts';
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

test('the font has what the styles ask for: three weights, figures of one width, and no x that turns into a sign', async ({
  page,
}) => {
  await page.goto('/users');
  await expect(consoleOn(page).connection).toHaveText('Live');
  const widths = await page.evaluate(async () => {
    const span = document.createElement('span');
    span.style.cssText = 'position: absolute; font-family: "Inter Variable"; font-size: 100px; white-space: pre';
    document.body.append(span);
    await document.fonts.load('100px "Inter Variable"');
    const widthOf = (text: string, style: Partial<CSSStyleDeclaration> = {}) => {
      Object.assign(span.style, { fontWeight: '400', fontVariantNumeric: 'normal', ...style });
      span.textContent = text;
      return span.getBoundingClientRect().width;
    };
    const tabular = { fontVariantNumeric: 'tabular-nums' };
    return {
      weights: ['400', '500', '600', '700'].map((fontWeight) => widthOf('Users', { fontWeight })),
      proportional: [widthOf('1111'), widthOf('0000')],
      tabular: [widthOf('1111', tabular), widthOf('0000', tabular)],
      between: [widthOf('5x2'), widthOf('5x2', { fontVariantLigatures: 'no-contextual' })],
    };
  });
  const [regular, medium, semibold, bold] = widths.weights;
  expect(medium).toBeGreaterThan(regular ?? 0);
  expect(semibold).toBeGreaterThan(medium ?? 0);
  // There is no weight beyond.
  expect(bold).toBe(semibold);
  expect(widths.proportional[0]).not.toBe(widths.proportional[1]);
  expect(widths.tabular[0]).toBe(widths.tabular[1]);
  expect(widths.between[0]).toBe(widths.between[1]);
});

test('what could not be loaded for want of a connection says so in its place, and all else goes on', async ({
  page,
  people,
}) => {
  await people.create('Still Here');
  await page.route(/shortcut-sheet/, (route) => route.abort());
  const view = await openConsole(page, people.filter);
  const panel = await view.open('Still Here');
  await fieldOf(panel, 'Name').fill('Typed Meanwhile');
  await view.grid.focus();
  await page.keyboard.press('?');
  await expect(page.getByText('This could not be loaded')).toBeVisible();
  await expect(fieldOf(panel, 'Name')).toHaveValue('Typed Meanwhile');
  await expect(view.row('Still Here')).toBeVisible();
});

test('once a page has stood for a while nothing of it is missing without a connection', async ({ page, context }) => {
  const parts = ['person-menu', 'shortcut-sheet', 'inspector-drawer', 'history-screen', 'as-of-sheet', 'tokens-page'];
  const loaded = parts.map((part) => page.waitForResponse((response) => response.url().includes(`/${part}-`)));
  const view = await openConsole(page);
  await Promise.all((await Promise.all(loaded)).map((response) => response.finished()));
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Test Admin' }).click();
  await expect(page.getByRole('link', { name: 'API tokens' })).toBeVisible();
  await page.getByRole('link', { name: 'API tokens' }).click();
  await expect(page.getByRole('heading', { name: 'API tokens' })).toBeVisible();
  await expect(view.grid).toHaveCount(0);
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
