import { expect } from '@playwright/test';
import { consoleOn, fieldOf, openConsole } from '../src/console.ts';
import { expectEqualsDatabase, recoveryMs, whenCallsAreAnswered } from '../src/fault-fixtures.ts';
import { clientOfGivenContract } from '../src/native-clients.ts';
import { testOnOwnStack } from '../src/own-stack-fixtures.ts';

const test = testOnOwnStack(async () => ({ serverCount: 2 }));

test('with the servers killed the page says so and keeps its rows; afterwards it catches up and misses nothing', async ({
  stack,
  token,
  people,
  api,
  openWindow,
}) => {
  test.slow();
  const goes = await people.create('Deleted Meanwhile');
  await people.create('Stays Shown');
  const view = await openWindow();
  await expect(view.total).toHaveText('2 match');

  for (const server of stack.servers) await server.kill();
  await expect(view.connection).toHaveText(/^(Reconnecting|Stale since)/);
  await expect(view.row('Stays Shown')).toBeVisible();
  await expect(view.row('Deleted Meanwhile')).toBeVisible();
  await view.connection.click();
  await expect(view.page.getByRole('dialog', { name: 'Connection' })).toContainText('nothing will be missed');
  await view.page.keyboard.press('Escape');

  // Past the proxy, and so before the page is back: it has to learn of all this from the feed.
  const [server] = stack.servers;
  await server?.start();
  const direct = clientOfGivenContract(`127.0.0.1:${server?.port}`, token);
  for (let index = 0; index < 5; index += 1) {
    const upsert = { name: `Missed ${index}`, email: people.email(), role: 'USER_ROLE_VIEWER', tags: [people.tag] };
    const sync = direct.exchange('SyncUsers');
    sync.end({ upsert });
    for await (const answer of sync) expect(answer).toMatchObject({ status: 'SYNC_STATUS_CREATED' });
  }
  await direct.unary('DeleteUser', { id: goes.id });
  direct.close();

  await whenCallsAreAnswered(people, api);
  await expectEqualsDatabase(view, people, api);
  for (let index = 0; index < 5; index += 1) await expect(view.row(`Missed ${index}`)).toBeVisible();
  await expect(view.row('Deleted Meanwhile')).toHaveCount(0);
  await expect(view.total).toHaveText('6 match');
  await stack.servers[1]?.start();
});

test('servers that are replaced one after the other leave the list live, and no change is missed', async ({
  stack,
  people,
  api,
  openWindow,
}) => {
  test.slow();
  const view = await openWindow();
  const names: string[] = [];
  const write = async () => {
    const name = `Rolling ${names.length}`;
    await people.create(name);
    names.push(name);
  };
  for (const server of stack.servers) {
    await write();
    const restarted = server.restart();
    await write();
    await restarted;
    await write();
  }
  await expectEqualsDatabase(view, people, api);
  expect(await view.names()).toEqual(names.toReversed());
});

test('without a network the page says so and keeps its rows; with one it is live at once', async ({
  people,
  page,
  context,
}) => {
  await people.create('Seen Before The Tunnel');
  const view = await openConsole(page, people.filter);
  await expect(view.row('Seen Before The Tunnel')).toBeVisible();
  await context.setOffline(true);
  await expect(view.connection).toHaveText('Offline');
  await expect(view.row('Seen Before The Tunnel')).toBeVisible();
  await people.create('Came In The Tunnel');
  await context.setOffline(false);
  await expect(view.row('Came In The Tunnel')).toBeVisible();
  await expect(view.connection).toHaveText('Live');
});

test('a save without a server keeps what was typed, and saving again later succeeds', async ({
  stack,
  people,
  api,
  openWindow,
}) => {
  test.slow();
  const user = await people.create('Patient Person');
  const view = await openWindow();
  const panel = await view.open('Patient Person');
  for (const server of stack.servers) await server.kill();
  await fieldOf(panel, 'Name').fill('Typed Without A Server');
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(panel.getByRole('alert')).toContainText('Nothing you typed is lost', { timeout: 30_000 });
  await expect(fieldOf(panel, 'Name')).toHaveValue('Typed Without A Server');
  for (const server of stack.servers) await server.start();
  await whenCallsAreAnswered(people, api);
  await expect(view.connection).toHaveText('Live', { timeout: recoveryMs });
  // Nothing says any more that the server is gone.
  await expect(panel.getByRole('alert')).toContainText('could not be reached when you saved');
  await expect(panel.getByRole('alert')).toHaveAttribute('data-tone', 'warn');
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(view.confirmations).toContainText('Saved 1 change');
  expect((await api.get(user.id)).name).toBe('Typed Without A Server');
});

test('a page that is opened while no server answers says so, and fills by itself five seconds after one does', async ({
  stack,
  people,
  api,
  page,
}) => {
  test.slow();
  await people.create('There After All');
  for (const server of stack.servers) await server.kill();
  await page.goto(`/users?filter=${people.filter}`);
  const view = consoleOn(page);
  await expect(page.getByRole('alert')).toContainText('The server cannot be reached', { timeout: 30_000 });
  await expect(page.getByRole('button', { name: 'Try now' })).toBeVisible();
  for (const server of stack.servers) await server.start();
  await whenCallsAreAnswered(people, api);
  await expect(view.row('There After All')).toBeVisible({ timeout: recoveryMs });
  await expect(view.connection).toHaveText('Live');
});
