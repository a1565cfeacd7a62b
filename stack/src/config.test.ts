import { expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { inRoot } from './paths.ts';

test('without settings Roster is at 8080 and 50051 with its data in the checkout', () => {
  expect(readConfig({})).toMatchObject({ port: 8080, grpcPort: 50_051, home: inRoot('.roster'), serverCount: 1 });
});

test('an empty setting counts as none', () => {
  expect(readConfig({ ROSTER_PORT: '', ROSTER_HOME: '', DATABASE_URL: '' })).toMatchObject({
    port: 8080,
    home: inRoot('.roster'),
    databaseUrl: undefined,
  });
});

test.each([
  ['ROSTER_PORT', '80a'],
  ['ROSTER_PORT', '65536'],
  ['ROSTER_GRPC_PORT', '-1'],
  ['ROSTER_SERVERS', '0'],
  ['ROSTER_TRUSTED_HOPS', '10'],
  ['ROSTER_TRUSTED_HOPS', '203.0.113.1'],
  ['ROSTER_ORIGINS', 'localhost:5173'],
  ['ROSTER_ORIGINS', 'http://localhost:5173/'],
  ['ROSTER_ORIGINS', 'http://ok.example,ftp://bad.example'],
  ['ROSTER_HOSTS', 'roster.example:8080'],
  ['ROSTER_HOSTS', '*'],
  ['ROSTER_PUBLIC_URL', 'roster.example'],
  ['ROSTER_PUBLIC_URL', 'https://roster.example/users'],
])('%s=%s is refused by the name of the setting', (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(name);
});

test('origins and hosts are lists', () => {
  const config = readConfig({
    ROSTER_ORIGINS: 'http://a.example, https://b.example:8443',
    ROSTER_HOSTS: 'Roster.example,[::2]',
  });
  expect(config.origins).toEqual(['http://a.example', 'https://b.example:8443']);
  expect(config.hosts).toEqual(['roster.example', '[::2]']);
});
