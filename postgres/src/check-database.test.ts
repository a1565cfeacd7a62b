import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkDatabase } from './check-database.ts';
import { startTestPostgres, type TestPostgres } from './test-database.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 30_000);
afterAll(() => postgres?.stop());

test('a database that answers is fine', async () => {
  expect(await checkDatabase(postgres.url)).toBeUndefined();
});

test('a database that does not exist is named', async () => {
  const url = new URL(postgres.url);
  url.pathname = '/missing';
  expect(await checkDatabase(url.toString())).toContain('database "missing" does not exist');
});

test('a server that does not answer is named, without the password', async () => {
  const fault = await checkDatabase('postgresql://roster:geheim@localhost:1/roster');
  expect(fault).toMatch(/^cannot connect to localhost:1 \(.*ECONNREFUSED.*\)\.$/);
  expect(fault).not.toContain('geheim');
});

test.each(['nonsense', 'mysql://localhost/x', 'postgresql://user:a b@[::1'])(
  '%s is no connection string',
  async (url) => {
    expect(await checkDatabase(url)).toMatch(/connection string|cannot be read|cannot connect/);
  },
);
