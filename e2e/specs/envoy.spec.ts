import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { configFile } from '@roster/envoy/run-envoy';
import { type Console, fieldOf } from '../src/console.ts';
import { testOnOwnStack } from '../src/own-stack-fixtures.ts';

/** What is spent of the limit of writes comes back so slowly that a slow machine can look at a spent one. */
const test = testOnOwnStack(async () => {
  const text = readFileSync(configFile, 'utf8');
  const envoyConfig = text.replace('tokens_per_fill: 100, fill_interval: 1s', 'tokens_per_fill: 1, fill_interval: 5s');
  expect(envoyConfig).not.toBe(text);
  return { envoyConfig };
});

test('without a healthy server, and after a call that Envoy does not know, the page says what is true', async ({
  stack,
  people,
  openWindow,
}) => {
  test.slow();
  const view = await openWindow();
  await view.page.route('**/CreateUser', (route) => {
    const url = route.request().url().replace('CreateUser', 'NoSuchMethod');
    return route.continue({ url });
  });
  await create(view, 'Unknown Method', people.email());
  await expect(view.panel.getByRole('alert')).toHaveText(/The server does not know this request\. Reload the page/);

  await view.page.unroute('**/CreateUser');
  await stack.servers[0]?.kill();
  await view.panel.getByRole('button', { name: 'Create user' }).click();
  await expect(view.panel.getByRole('alert')).toContainText('The server could not be reached', { timeout: 30_000 });
  await stack.servers[0]?.start();
});

test('the feed stays open beyond every timeout of calls that end, and is still live', async ({
  people,
  openWindow,
}) => {
  test.setTimeout(120_000);
  const view = await openWindow();
  const openedAt = Date.now();
  // A call may take 15 s, and its request 30 s (envoy.yaml). Nothing but the heartbeat travels meanwhile.
  await expect.poll(() => Date.now() - openedAt, { timeout: 60_000 }).toBeGreaterThan(32_000);
  await people.create('After Half A Minute');
  await expect(view.row('After Half A Minute')).toBeVisible();
  await view.connection.click();
  const card = view.page.getByRole('dialog', { name: 'Connection' });
  await expect(card).toContainText(/Reconnected\s*Never/);
});

test('44. a message beyond the limit is refused in words, and the page goes on', async ({ people, openWindow }) => {
  const view = await openWindow();
  await create(view, 'n'.repeat(300 * 1024), people.email());
  const said = view.panel.getByRole('alert').first();
  await expect(said).toContainText('larger than 262144 bytes');
  await fieldOf(view.panel, 'Name').fill('Short After All');
  await view.panel.getByRole('button', { name: 'Create user' }).click();
  await expect(view.panel.getByRole('heading', { name: 'Short After All' })).toBeVisible();
});

test('44. a spent rate limit reads as too many requests, with the time to wait', async ({
  stack,
  people,
  openWindow,
}) => {
  test.slow();
  const view = await openWindow();
  // A write that comes back just before the page's is spent again.
  await expect(async () => {
    await spendWrites(stack.url);
    await create(view, 'One Too Many', people.email());
    await expect(view.panel.getByRole('alert')).toContainText('too many requests');
  }).toPass();
  await expect(async () => {
    await view.panel.getByRole('button', { name: 'Create user' }).click();
    await expect(view.panel.getByRole('heading', { name: 'One Too Many' })).toBeVisible();
  }).toPass();
});

async function create(view: Console, name: string, email: string): Promise<void> {
  const panel = await view.openNew();
  await fieldOf(panel, 'Name').fill(name);
  await fieldOf(panel, 'Email').fill(email);
  await panel.getByRole('button', { name: 'Create user' }).click();
}

/** Sends writes that no server accepts, until Envoy lets none in any more. */
async function spendWrites(url: string): Promise<void> {
  const headers = { 'content-type': 'application/grpc-web+proto' };
  const write = async () => {
    const body = new Uint8Array(5);
    const response = await fetch(`${url}/userservice.v1.UserService/CreateUser`, { method: 'POST', headers, body });
    await response.arrayBuffer();
    return response.status;
  };
  let statuses: readonly number[] = [];
  while (!statuses.includes(429)) statuses = await Promise.all(Array.from({ length: 16 }, write));
}
