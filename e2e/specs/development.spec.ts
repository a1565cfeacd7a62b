import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { expect } from '@playwright/test';
import { freePort } from '@roster/stack/ports';
import { startVite } from '@roster/stack/vite';
import { consoleOn } from '../src/console.ts';
import { historyOn } from '../src/history.ts';
import { openPersonMenu, signInForm } from '../src/sign-in-page.ts';
import { testSignIn } from '../src/sign-in-people.ts';

const pagePort = await freePort();
const hosts = ['localhost', '127.0.0.1'];
const origins = hosts.map((host) => `http://${host}:${pagePort}`);

/** As `pnpm dev` starts it: the page comes from Vite, on an origin of its own. */
const test = testSignIn(async () => ({ origins, page: { host: '127.0.0.1', port: pagePort } }));

let vite: ChildProcess | undefined;
test.beforeAll(async ({ stack }) => {
  vite = startVite(pagePort, stack.envoy.edgePort());
  const isServed = () =>
    fetch(`http://127.0.0.1:${pagePort}`).then(
      (response) => response.ok,
      () => false,
    );
  await expect.poll(isServed, { timeout: 30_000 }).toBe(true);
});
test.afterAll(async () => {
  if (vite?.kill('SIGTERM')) await once(vite, 'exit');
});

for (const origin of origins) {
  const { hostname } = new URL(origin);
  test(`the page at Vite’s port of ${hostname} opens, signs in, is live, stays signed in when loaded anew, and signs out`, async ({
    people,
    invite,
    openBrowser,
  }) => {
    const person = await invite('Deve Loper');
    const page = await (await openBrowser(undefined)).newPage();
    const refused: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('CORS')) refused.push(message.text());
    });
    await page.goto(`${origin}/sign-in`);
    await signInForm(page).signIn(person);
    const view = consoleOn(page);
    await expect(view.connection).toHaveText('Live');

    await page.goto(`${origin}/users?filter=${people.filter}`);
    await expect(view.connection).toHaveText('Live');
    const name = `Seen At ${hostname}`;
    await people.create(name);
    await expect(view.row(name)).toBeVisible();
    await page.getByRole('link', { name: 'History' }).click();
    await expect(historyOn(page).entry(name)).toBeVisible();

    const menu = await openPersonMenu(page, 'Deve Loper');
    await menu.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByRole('heading', { name: 'Sign in', level: 1 })).toBeVisible();
    await expect(page).toHaveURL(`${origin}/sign-in`);
    expect(refused).toEqual([]);
  });
}
