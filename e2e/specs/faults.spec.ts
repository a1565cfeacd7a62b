import { expect } from '@playwright/test';
import { timing } from '@roster/proto/timing';
import { openConsole } from '../src/console.ts';
import {
  expectEqualsDatabase,
  openWithClock,
  setHidden,
  test,
  whenCallsAreAnswered,
  writeMeanwhile,
} from '../src/fault-fixtures.ts';

/** How soon a page must say what is wrong. */
const sayMs = 2 * timing.heartbeatMs;
const seconds = (count: number) => count * 1000;

test.beforeEach(async ({ people }) => {
  for (const name of ['Ada Goes', 'Bea Changes', 'Cyd Stays']) await people.create(name);
});

test('offline is said at once; back online the list equals the database within five seconds', async ({
  page,
  context,
  people,
  api,
}) => {
  const view = await openWithClock(page, people.filter);
  await context.setOffline(true);
  await expect(view.connection).toHaveText('Offline');
  await writeMeanwhile(people, api, 'In The Tunnel');
  await page.clock.fastForward(seconds(60));
  await expect(view.connection).toHaveText('Offline');
  await expect(view.row('Cyd Stays')).toBeVisible();
  await context.setOffline(false);
  await expectEqualsDatabase(view, people, api);
});

test('a server that is gone for a minute is said all that time; five seconds after it is back the list equals the database', async ({
  page,
  stack,
  people,
  api,
}) => {
  const view = await openWithClock(page, people.filter);
  const [server] = stack.servers;
  await server?.kill();
  for (let passed = 0; passed < 60; passed += 6) {
    await expect(view.connection).toHaveText(/^Reconnecting/, { timeout: sayMs });
    await page.clock.fastForward(seconds(6));
  }
  await expect(view.row('Cyd Stays')).toBeVisible();
  await server?.start();
  await whenCallsAreAnswered(people, api);
  await writeMeanwhile(people, api, 'After The Kill');
  await expectEqualsDatabase(view, people, api);
});

test('a tab that is hidden for two minutes keeps its feed for one, says that it let go, and equals the database when it is looked at', async ({
  page,
  people,
  api,
}) => {
  const view = await openWithClock(page, people.filter);
  const isFeedGone = page.waitForEvent('requestfailed', (request) => request.headers()['x-roster-feed'] === '1');
  await setHidden(page, true);
  await page.clock.fastForward(seconds(31));
  await people.create('Came Behind Another Tab');
  await expect(view.row('Came Behind Another Tab')).toBeVisible();
  await page.clock.fastForward(seconds(31));
  await isFeedGone;
  await expect(view.connection).toHaveText(/^Stale since/);
  await writeMeanwhile(people, api, 'Unseen');
  await page.clock.fastForward(seconds(60));
  await expect(view.row('Came Unseen')).toHaveCount(0);
  await setHidden(page, false);
  await expectEqualsDatabase(view, people, api);
});

test('a tab that was frozen equals the database five seconds after it thaws', async ({ page, people, api }) => {
  const view = await openWithClock(page, people.filter);
  // Chromium freezes no tab that it shows, and a headless one shows all; its debugger holds script, timers and network callbacks just so.
  const devtools = await page.context().newCDPSession(page);
  const isFrozen = new Promise((resolve) => devtools.once('Debugger.paused', resolve));
  await devtools.send('Debugger.enable');
  await devtools.send('Debugger.pause');
  await isFrozen;
  await writeMeanwhile(people, api, 'In The Ice');
  await devtools.send('Debugger.resume');
  await devtools.send('Debugger.disable');
  await page.clock.fastForward(seconds(120));
  await expectEqualsDatabase(view, people, api);
});

test('a machine that wakes from sleep says since when its rows are old, and equals the database once the network is back', async ({
  page,
  wire,
  people,
  api,
}) => {
  const view = await openWithClock(page, people.filter);
  wire.forget();
  wire.hold();
  await writeMeanwhile(people, api, 'Overnight');
  await page.clock.fastForward(seconds(8 * 3600));
  await expect(view.connection).toHaveText(/^Stale since/);
  await expect(view.row('Cyd Stays')).toBeVisible();
  wire.release();
  await expectEqualsDatabase(view, people, api);
});

test('a wall clock that jumped while all timers stood still is noticed when the tab is looked at', async ({
  page,
  wire,
  people,
  api,
}) => {
  const view = await openWithClock(page, people.filter);
  wire.forget();
  await setHidden(page, true);
  await writeMeanwhile(people, api, 'Between The Timers');
  await page.clock.setSystemTime(Date.now() + seconds(3600));
  await setHidden(page, false);
  await expectEqualsDatabase(view, people, api);
});

test('a network that swallows everything without a word is noticed by the silence', async ({
  page,
  wire,
  people,
  api,
}) => {
  const view = await openWithClock(page, people.filter);
  wire.hold();
  await writeMeanwhile(people, api, 'Swallowed');
  await page.clock.fastForward(sayMs);
  await expect(view.connection).toHaveText(/^Stale since/);
  wire.release();
  await expectEqualsDatabase(view, people, api);
});

test('a connection that is cut in the middle of a frame takes nothing with it', async ({ page, wire, people, api }) => {
  const view = await openConsole(page, people.filter);
  // The head of a chunk and of its frame, and a little of the message: less than the smallest change.
  for (const byteCount of [3, 12, 40]) {
    const cut = page.waitForEvent('requestfailed', (request) => request.headers()['x-roster-feed'] === '1');
    wire.cutAfter(byteCount);
    await writeMeanwhile(people, api, `At Byte ${byteCount}`);
    await cut;
    await expectEqualsDatabase(view, people, api);
  }
});

test('on a slow network the page says that it is connecting and then that it is live, and misses nothing of a burst', async ({
  page,
  people,
  api,
}) => {
  const devtools = await page.context().newCDPSession(page);
  const slow = { offline: false, latency: seconds(2), downloadThroughput: 60_000, uploadThroughput: 20_000 };
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', slow);
  const view = await openConsole(page, people.filter, /^(Connecting|Catching up)$/);
  await expect(view.connection).toHaveText('Live', { timeout: sayMs });
  for (let index = 0; index < 15; index += 1) await writeMeanwhile(people, api, `In Burst ${index}`);
  await devtools.send('Network.emulateNetworkConditions', {
    ...slow,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: -1,
  });
  await expectEqualsDatabase(view, people, api);
});
