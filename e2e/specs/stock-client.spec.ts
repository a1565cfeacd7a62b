import { expect } from '@playwright/test';
import { readConfig } from '../src/config.ts';
import { test } from '../src/fixtures.ts';
import { otherOrigin } from '../src/other-origin.ts';
import { openStockPage } from '../src/stock-page/stock-page.ts';

test.skip(readConfig().url !== undefined, `needs a stack that lets ${otherOrigin} in (ROSTER_ORIGINS)`);

test('a page of another origin with the stock client of the given contract makes every unary call and reads the list', async ({
  page,
  people,
  baseURL,
  token,
}) => {
  await people.create('Listed Before');
  await openStockPage(page);
  const visit = await page.evaluate(
    ([url, program, filter, email]) =>
      createStockPage(url, program).useEveryMethod({ name: 'Made By Stock', email }, filter),
    [baseURL ?? '', token, people.filter, people.email()] as const,
  );
  expect(visit).toEqual({
    created: 'Made By Stock',
    read: 'Made By Stock',
    updated: 'Renamed By Stock',
    listed: ['Listed Before'],
    total: '1',
    afterDelete: 'FAILED_PRECONDITION',
  });
});

test('the stock client reads the codes of failures through CORS', async ({ page, people, baseURL, token }) => {
  const { email } = await people.create('Has The Address');
  await openStockPage(page);
  const codes = await page.evaluate(
    async ([url, program, taken]) => {
      const stock = createStockPage(url, program);
      return [
        await stock.codeOfCreate({ name: 'Twice', email: taken }),
        await stock.codeOfCreate({ name: '', email: 'nobody' }),
        await stock.codeOfCreate({ name: 'n'.repeat(300 * 1024), email: 'long@example.org' }),
      ];
    },
    [baseURL ?? '', token, email] as const,
  );
  expect(codes).toEqual(['ALREADY_EXISTS', 'INVALID_ARGUMENT', 'INVALID_ARGUMENT']);
});

test('a page of an origin that is not let in reads nothing', async ({ page, people, baseURL }) => {
  await people.create('Not For Strangers');
  await page.route('http://stranger.localhost/**', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
  await page.goto('http://stranger.localhost/');
  const outcome = await page.evaluate(
    (url) =>
      fetch(`${url}/userservice.v1.UserService/ListUsers`, {
        method: 'POST',
        headers: { 'content-type': 'application/grpc-web-text' },
        body: 'AAAAAAA=',
      }).then(
        (response) => `read ${response.status}`,
        (error: unknown) => String(error),
      ),
    baseURL ?? '',
  );
  expect(outcome).toBe('TypeError: Failed to fetch');
});
