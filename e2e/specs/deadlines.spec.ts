import { expect } from '@playwright/test';
import { freePort } from '@roster/stack/ports';
import { consoleOn } from '../src/console.ts';
import { openDatabase, type TestDatabase } from '../src/database.ts';
import { otherOrigin } from '../src/other-origin.ts';
import { testOnOwnStack } from '../src/own-stack-fixtures.ts';
import { openStockPage } from '../src/stock-page/stock-page.ts';

let metricsPort = 0;
const test = testOnOwnStack(async () => {
  metricsPort = await freePort();
  return { origins: [otherOrigin], serverSettings: { ROSTER_METRICS_PORT: String(metricsPort) } };
});

test('45. a slow query ends on the page at its deadline, and its SQL is gone from the database', async ({
  page,
  stack,
  database,
  token,
}) => {
  await openStockPage(page);
  const slow = await lockUsers(stack.databaseUrl);
  const startedAt = Date.now();
  const long = page.evaluate(([url, program]) => createStockPage(url, program).codeOfSlowList(1_500), [
    stack.url,
    token,
  ] as const);
  await expect.poll(() => countWaiting(database), { intervals: [10] }).toBeGreaterThan(0);
  const short = await page.evaluate(
    async ([url, program]) => {
      const begin = performance.now();
      const code = await createStockPage(url, program).codeOfSlowList(100);
      return { code, tookMs: performance.now() - begin };
    },
    [stack.url, token] as const,
  );
  expect(short.code).toBe('DEADLINE_EXCEEDED');
  expect(short.tookMs).toBeGreaterThan(90);
  expect(short.tookMs).toBeLessThan(1_500);
  expect(await long).toBe('DEADLINE_EXCEEDED');
  expect(Date.now() - startedAt).toBeGreaterThan(1_400);
  await expect.poll(() => countWaiting(database), { intervals: [10], timeout: 1_000 }).toBe(0);
  await slow.end();
});

test('45. the console says that the server took too long, and lists once it is quick again', async ({
  page,
  stack,
  people,
}) => {
  await people.create('Worth The Wait');
  const slow = await lockUsers(stack.databaseUrl);
  await page.goto(`/users?filter=${people.filter}`);
  const view = consoleOn(page);
  await expect(page.getByRole('alert')).toContainText('The server took too long', { timeout: 30_000 });
  // Each retry has its own request: in the alert it would be read out again and again.
  await expect(page.getByText(/^Request /)).toBeVisible();
  await expect(page.getByRole('alert')).not.toContainText('Request');
  await slow.end();
  await expect(view.row('Worth The Wait')).toBeVisible({ timeout: 30_000 });
});

test("closing the tab ends the feed's handler within a second", async ({ openWindow }) => {
  await expect.poll(countFeeds).toBe(0);
  const view = await openWindow();
  await expect.poll(countFeeds).toBe(1);
  await view.page.close();
  const closedAt = Date.now();
  await expect.poll(countFeeds, { intervals: [10], timeout: 5_000 }).toBe(0);
  const tookMs = Date.now() - closedAt;
  test.info().annotations.push({ type: 'delay', description: `${tookMs} ms after the tab was closed` });
  expect(tookMs).toBeLessThan(1_000);
});

/** Streams of ListUsers that the server is answering, from its metrics. */
async function countFeeds(): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
  const line = /^roster_rpc_open_streams\{[^}]*ListUsers"\} (\d+)/m.exec(await response.text());
  return Number(line?.[1] ?? 0);
}

/** Keeps every query on users waiting until `end`. */
async function lockUsers(databaseUrl: string): Promise<{ end(): Promise<void> }> {
  const locker = await openDatabase(databaseUrl);
  await locker.query('begin');
  await locker.query('lock table users in access exclusive mode');
  return { end: () => locker.close() };
}

/** Queries of calls that wait for the lock. A list's count is no call's own: it is shared by all who look at that list. */
async function countWaiting(database: TestDatabase): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
      where wait_event_type = 'Lock' and query ilike '%users%' and query not ilike '%count(*)%'`,
  );
  return row?.count ?? 0;
}
