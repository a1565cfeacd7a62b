import { expect } from '@playwright/test';
import { type Console, fieldOf } from '../src/console.ts';
import { testOnOwnStack } from '../src/own-stack-fixtures.ts';

const test = testOnOwnStack();

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
  await expect(view.panel.getByRole('alert')).toContainText('The server cannot be reached', { timeout: 30_000 });
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

test('a spent rate limit reads as too many requests, with the time to wait', async ({ stack, people, openWindow }) => {
  const view = await openWindow();
  const flood = startFlood(`${stack.url}/userservice.v1.UserService/CreateUser`);
  await expect.poll(() => flood.refusals(), { timeout: 20_000 }).toBeGreaterThan(20);
  // A few writes still get through each second; one that does is tried again.
  await expect(async () => {
    await create(view, 'One Too Many', people.email());
    await expect(view.panel.getByRole('alert')).toContainText('too many requests', { timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await flood.stop();
  await view.panel.getByRole('button', { name: 'Create user' }).click();
  await expect(view.panel.getByRole('heading', { name: 'One Too Many' })).toBeVisible();
});

test('a message beyond the limit is refused in words, and the page goes on', async ({ people, openWindow }) => {
  const view = await openWindow();
  await create(view, 'n'.repeat(300 * 1024), people.email());
  const said = view.panel.getByRole('alert').first();
  await expect(said).toContainText('larger than 262144 bytes');
  await fieldOf(view.panel, 'Name').fill('Short After All');
  await view.panel.getByRole('button', { name: 'Create user' }).click();
  await expect(view.panel.getByRole('heading', { name: 'Short After All' })).toBeVisible();
});

async function create(view: Console, name: string, email: string): Promise<void> {
  const panel = await view.openNew();
  await fieldOf(panel, 'Name').fill(name);
  await fieldOf(panel, 'Email').fill(email);
  await panel.getByRole('button', { name: 'Create user' }).click();
}

/** Sends writes that no server accepts, faster than the limit allows. */
function startFlood(url: string): { refusals(): number; stop(): Promise<void> } {
  let isOn = true;
  let refused = 0;
  const send = async () => {
    while (isOn) {
      const headers = { 'content-type': 'application/grpc-web+proto' };
      const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(5) });
      await response.arrayBuffer();
      if (response.status === 429) refused += 1;
    }
  };
  const running = Array.from({ length: 16 }, send);
  return {
    refusals: () => refused,
    async stop() {
      isOn = false;
      await Promise.all(running);
    },
  };
}
