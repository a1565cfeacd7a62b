import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf } from '../rpc/read-failure.ts';
import { bareTransport } from '../testing/contract-calls.ts';
import { createTestToken, openTestApp, type TestApp } from '../testing/test-app.ts';
import { browserHeaders, createPerson, type TestPerson } from '../testing/test-people.ts';
import { formatApiToken, hashSecret, newApiToken, newSecret } from './secrets.ts';

let app: TestApp & { close(): Promise<void> };
let person: TestPerson;
let token: string;
beforeAll(async () => {
  app = await openTestApp();
  person = await createPerson(app.database, { role: UserRole.ADMIN });
  token = (await createTestToken(app.database)).text;
});
afterAll(() => app.close());

type Spoil = (good: string) => string;

/** The alphabet of base64url has four ways to write the last two bits, of which one is ours. */
const otherEnding: Spoil = (good) => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return `${good.slice(0, -1)}${alphabet[alphabet.indexOf(good.slice(-1)) + 1]}`;
};
const changedAt = (good: string, at: number) =>
  `${good.slice(0, at)}${good[at] === 'x' ? 'y' : 'x'}${good.slice(at + 1)}`;

/** What stands in the cookie in place of its secret. */
const spoiltValues: Readonly<Record<string, Spoil>> = {
  nothing: () => '',
  'a space': () => ' ',
  'one character': () => 'A',
  'a cut secret': (good) => good.slice(0, -1),
  'a secret cut at its front': (good) => good.slice(1),
  'half a secret': (good) => good.slice(0, 21),
  'a lengthened secret': (good) => `${good}A`,
  'a secret with an ending of the same bytes': otherEnding,
  'a doubled secret': (good) => good + good,
  'a secret twice with a comma': (good) => `${good},${good}`,
  'a secret in capitals': (good) => good.toUpperCase(),
  'a secret in small letters': (good) => good.toLowerCase(),
  'a secret read backwards': (good) => [...good].reverse().join(''),
  'a secret with its first character changed': (good) => changedAt(good, 0),
  'a secret with a character in the middle changed': (good) => changedAt(good, 20),
  'a secret in quotes': (good) => `"${good}"`,
  'a secret with padding': (good) => `${good}=`,
  'a secret in base64 of the other kind': (good) => good.replaceAll('-', '+').replaceAll('_', '/').replace(/.$/, '+'),
  'a secret in hexadecimal': (good) => Buffer.from(good, 'base64url').toString('hex'),
  'a secret with an escaped character': (good) => `%${good.charCodeAt(0).toString(16)}${good.slice(1)}`,
  'a secret with a space in it': (good) => `${good.slice(0, 20)} ${good.slice(20)}`,
  'a random secret': () => newSecret(),
  'a secret of zeros': () => 'A'.repeat(43),
  'the hash of the secret': (good) => hashSecret(good).toString('base64url'),
  "the session's id": () => person.sessionId,
  'what means something in SQL': () => "' or 1=1 --",
  'what means something in JSON': () => '{"$ne":null}',
  __proto__: () => '__proto__',
  'the word true': () => 'true',
  'ten thousand characters': () => 'A'.repeat(10_000),
  'a token in place of a secret': () => token,
};

const spoiltHeaders: Readonly<Record<string, (name: string, good: string) => string>> = {
  'the cookie twice': (name, good) => `${name}=${good}; ${name}=${good}`,
  'another one of the same name before it': (name, good) => `${name}=${newSecret()}; ${name}=${good}`,
  'another one of the same name behind it': (name, good) => `${name}=${good}; ${name}=x`,
  'an empty one of the same name before it': (name, good) => `${name}=; ${name}=${good}`,
  'its name in capitals': (name, good) => `${name.toUpperCase()}=${good}`,
  'its name without the prefix': (name, good) => `${name.replace('__Host-', '')}=${good}`,
  'its name with another prefix': (name, good) => `${name.replace('__Host-', '__Secure-')}=${good}`,
  'its name with a space': (name, good) => `${name} =${good}`,
  'the name of another store': (name, good) => `${name.slice(0, -1)}${name.endsWith('0') ? '1' : '0'}=${good}`,
  'a lengthened name': (name, good) => `${name}x=${good}`,
  'the secret alone': (_name, good) => good,
  'the name alone': (name) => name,
  'separators alone': () => ';;;=;=',
  'a comma in place of a semicolon': (name, good) => `a=b, ${name}=${good}`,
  'eight hundred cookies, the right one not among them': () =>
    Array.from({ length: 800 }, (_, index) => `c${index}=x`).join('; '),
};

const spoiltTokens: Readonly<Record<string, Spoil>> = {
  nothing: () => '',
  'no scheme': (good) => good,
  'the scheme alone': () => 'Bearer',
  'the scheme and a space': () => 'Bearer ',
  'another scheme': (good) => `Basic ${good}`,
  'another scheme that begins alike': (good) => `Bearers ${good}`,
  'a cut token': (good) => `Bearer ${good.slice(0, -1)}`,
  'a token without its checksum': (good) => `Bearer ${good.slice(0, -6)}`,
  'a lengthened token': (good) => `Bearer ${good}0`,
  'a doubled token': (good) => `Bearer ${good}${good}`,
  'two tokens with a comma': (good) => `Bearer ${good}, Bearer ${good}`,
  'two tokens with a space': (good) => `Bearer ${good} ${good}`,
  'a token in capitals': (good) => `Bearer ${good.toUpperCase()}`,
  'a token in small letters': (good) => `Bearer ${good.toLowerCase()}`,
  'a token with its first character changed': (good) => `Bearer ${changedAt(good, 3)}`,
  'a token with a character of its secret changed': (good) => `Bearer ${changedAt(good, 30)}`,
  'a token with another id and a right checksum': (good) =>
    `Bearer ${formatApiToken({ id: newApiToken().id, secret: good.slice(16, 59) })}`,
  'a token with another secret and a right checksum': (good) =>
    `Bearer ${formatApiToken({ id: good.slice(3, 15), secret: newApiToken().secret })}`,
  'a token that nobody has': () => `Bearer ${formatApiToken(newApiToken())}`,
  'a secret of a session': () => `Bearer ${newSecret()}`,
  'ten thousand characters': () => `Bearer ${'A'.repeat(10_000)}`,
  'what means something in SQL': () => "Bearer ua_' or '1'='1",
};

const [cookieName, goodSecret] = [() => person.cookie.split('=')[0] ?? '', () => person.cookie.split('=')[1] ?? ''];

const attempts: readonly (readonly [what: string, headers: () => Record<string, string>])[] = [
  ...Object.entries(spoiltValues).map(
    ([what, spoil]) => [`cookie: ${what}`, () => ({ cookie: `${cookieName()}=${spoil(goodSecret())}` })] as const,
  ),
  ...Object.entries(spoiltHeaders).map(
    ([what, spoil]) => [`cookie: ${what}`, () => ({ cookie: spoil(cookieName(), goodSecret()) })] as const,
  ),
  ...Object.entries(spoiltTokens).map(
    ([what, spoil]) => [`token: ${what}`, () => ({ authorization: spoil(token) })] as const,
  ),
  ['both a good cookie and a good token', () => ({ cookie: person.cookie, authorization: `Bearer ${token}` })],
  ['both a good cookie and a wrong token', () => ({ cookie: person.cookie, authorization: 'Bearer x' })],
];

test('the person and the token of these tests are good', async () => {
  const transport = bareTransport(app.app.port);
  const client = new UserServiceClient(transport);
  const origin = `http://127.0.0.1:${app.app.port}`;
  for (const meta of [browserHeaders(person, origin), { authorization: `Bearer ${token}` }]) {
    expect((await client.getUser({ id: person.user.id }, { meta }).response).user?.id).toBe(person.user.id);
  }
  transport.close();
  expect(attempts.length).toBeGreaterThan(50);
});

test.each(attempts)(
  '%s: nobody is let in, nothing is changed, and every answer is the same',
  async (_what, headersOf) => {
    const transport = bareTransport(app.app.port);
    const client = new UserServiceClient(transport);
    const origin = `http://127.0.0.1:${app.app.port}`;
    const meta = { 'x-grpc-web': '1', origin, ...headersOf() };
    const answer = {
      code: 'UNAUTHENTICATED',
      reason: 'NOT_SIGNED_IN',
      message: 'You are not signed in.',
      info: {},
      fields: [],
      hasRetryDelay: false,
    };
    expect(await failureOf(client.getUser({ id: person.user.id }, { meta }))).toEqual(answer);
    const doomed = { id: person.user.id, baseRevision: 0, requestId: '', confirmSelf: true };
    expect(await failureOf(client.deleteUser(doomed, { meta }))).toEqual(answer);
    transport.close();
    const [row] = await app.database.run(undefined, (connection) =>
      connection.query<{ live: boolean }>('select deleted_at is null as live from users where id = $1', [
        person.user.id,
      ]),
    );
    expect(row?.live).toBe(true);
  },
);
