import { LinkPurpose } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../database/database.ts';
import { createLink, hostMaker } from '../../identity/link-store.ts';
import { readPasskeys } from '../../identity/passkey-store.ts';
import { revoke } from '../../identity/revoke.ts';
import { createAuthenticator, type Fault } from '../../identity/testing/authenticator.ts';
import { registerPasskey } from '../../identity/testing/register-passkey.ts';
import { openTestApp, type TestApp } from '../../testing/test-app.ts';
import { openBrowser, type TestBrowser } from '../../testing/test-browser.ts';
import { openTestDatabase } from '../../testing/test-database.ts';
import { createPerson, type PersonFields, type TestPerson } from '../../testing/test-people.ts';
import { untilSomebodyWaits } from '../../testing/until-somebody-waits.ts';
import { failed } from '../users/testing/call-failure.ts';
import { renewCredentials } from './renew-credentials.ts';

let app: TestApp & { close(): Promise<void> };
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const origin = 'https://roster.example';

async function signedIn(
  fields: PersonFields = {},
): Promise<{ person: TestPerson; browser: TestBrowser; client: CredentialServiceClient }> {
  const person = await createPerson(app.database, fields);
  const browser = openBrowser(app, { cookie: person.cookie });
  return { person, browser, client: new CredentialServiceClient(browser.transport) };
}

function eventsOf({ user }: TestPerson) {
  return app.database.run(undefined, (connection) =>
    connection.query<{ kind: string; session_id: string }>(
      'select kind, session_id from access_events where user_id = $1 order by id',
      [user.id],
    ),
  );
}

function passkeysOf({ user }: TestPerson) {
  return app.database.run(undefined, (connection) => readPasskeys(connection, user.id));
}

test('a registered passkey is listed with its name, its kind and without its key', async () => {
  const { person, browser, client } = await signedIn();
  const { passkey: named } = await registerPasskey(browser, createAuthenticator({ origin }), { name: '  My laptop ' });
  const { passkey: unnamed } = await registerPasskey(browser, createAuthenticator({ origin, isSynced: true }));
  expect(named).toMatchObject({ name: 'My laptop', isSynced: false });
  expect(unnamed).toMatchObject({ name: 'Synced passkey', isSynced: true });

  const { passkeys } = await client.listPasskeys({}).response;
  expect(passkeys).toEqual([unnamed, named]);
  expect(Object.keys(passkeys[0] ?? {}).sort()).toEqual(['createdAt', 'id', 'isSynced', 'name']);
  expect(await eventsOf(person)).toEqual([
    { kind: 'PASSKEY_ADDED', session_id: person.sessionId },
    { kind: 'PASSKEY_ADDED', session_id: person.sessionId },
  ]);
});

test('a passkey that signs for itself is one like any other', async () => {
  const { browser } = await signedIn();
  const { passkey } = await registerPasskey(browser, createAuthenticator({ origin }), { attestation: 'self' });
  expect(passkey?.name).toBe('Passkey of this device');
});

test('the options name the host that was called, ask for a verified person, and shut out the passkeys one has', async () => {
  const { person, browser, client } = await signedIn();
  const authenticator = createAuthenticator({ origin });
  const { passkey } = await registerPasskey(browser, authenticator);
  const { challenge } = await client.beginPasskeyRegistration({}).response;
  const options = JSON.parse(challenge?.optionsJson ?? '');
  expect(options).toMatchObject({
    rp: { id: 'roster.example' },
    user: { name: person.user.email, id: Buffer.from(person.user.id.replaceAll('-', ''), 'hex').toString('base64url') },
    attestation: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: [{ id: passkey?.id, transports: ['internal'] }],
  });
  expect(() => authenticator.create(challenge?.optionsJson ?? '')).toThrow('InvalidStateError');
});

const faults: Readonly<Record<string, Fault>> = {
  'another page': { origin: 'https://roster.example.evil.example' },
  'another host': { rpId: 'evil.example' },
  'an answer to another challenge': { challenge: Buffer.alloc(32).toString('base64url') },
  'a sign-in in place of a registration': { type: 'webauthn.get' },
  'nobody verified': { isUserVerified: false },
  'nobody present': { isUserPresent: false },
  'a certificate that nobody has asked for': { attestation: 'certificate' },
};

test.for(Object.entries(faults))('a passkey is refused for %s', async ([, fault]) => {
  const { browser, client } = await signedIn();
  const failure = await failed(registerPasskey(browser, createAuthenticator({ origin }), fault));
  expect(failure).toMatchObject({ code: 'INVALID_ARGUMENT', violations: ['response_json PASSKEY_INVALID'] });
  expect((await client.listPasskeys({}).response).passkeys).toEqual([]);
});

test.for([
  '',
  'no JSON',
  'null',
  '[]',
  '{}',
  '{"id":"a","rawId":"a","type":"public-key","response":{}}',
  '{"id":"a","rawId":"a","type":"public-key","response":{"clientDataJSON":1,"attestationObject":"%%%"}}',
])('an answer that cannot be read is refused: %s', async (responseJson) => {
  const { client } = await signedIn();
  const { challenge } = await client.beginPasskeyRegistration({}).response;
  const call = client.finishPasskeyRegistration({ challengeId: challenge?.id ?? '', responseJson, name: '' });
  expect(await failed(call)).toMatchObject({
    code: 'INVALID_ARGUMENT',
    violations: ['response_json PASSKEY_INVALID'],
  });
});

test('a challenge is good once, also after a wrong answer, and only for the person it was made for', async () => {
  const { client } = await signedIn();
  const { client: other } = await signedIn();
  const authenticator = createAuthenticator({ origin });
  const begin = async () =>
    (await client.beginPasskeyRegistration({}).response).challenge ?? { id: '', optionsJson: '' };

  const first = await begin();
  const answer = { challengeId: first.id, responseJson: authenticator.create(first.optionsJson), name: '' };
  expect(await failed(other.finishPasskeyRegistration(answer))).toMatchObject({
    violations: ['challenge_id CHALLENGE_INVALID'],
  });
  expect(await failed(client.finishPasskeyRegistration(answer))).toMatchObject({
    violations: ['challenge_id CHALLENGE_INVALID'],
  });

  const second = await begin();
  const right = { challengeId: second.id, responseJson: authenticator.create(second.optionsJson), name: '' };
  await failed(client.finishPasskeyRegistration({ ...right, responseJson: '{}' }));
  expect(await failed(client.finishPasskeyRegistration(right))).toMatchObject({
    violations: ['challenge_id CHALLENGE_INVALID'],
  });
  expect((await client.listPasskeys({}).response).passkeys).toEqual([]);
});

test('a challenge expires', async () => {
  const { client } = await signedIn();
  const { challenge } = await client.beginPasskeyRegistration({}).response;
  await app.database.run(undefined, (connection) =>
    connection.query(`update challenges set expires_at = now() - interval '1 ms' where id = $1`, [challenge?.id]),
  );
  const responseJson = createAuthenticator({ origin }).create(challenge?.optionsJson ?? '');
  const call = client.finishPasskeyRegistration({ challengeId: challenge?.id ?? '', responseJson, name: '' });
  expect(await failed(call)).toMatchObject({ violations: ['challenge_id CHALLENGE_INVALID'] });
});

test('nobody takes over a passkey by registering its id', async () => {
  const { browser } = await signedIn();
  const { passkey } = await registerPasskey(browser, createAuthenticator({ origin }));
  const { browser: thief, client } = await signedIn();
  const failure = await failed(registerPasskey(thief, createAuthenticator({ origin }), { id: passkey?.id ?? '' }));
  expect(failure).toMatchObject({ code: 'ALREADY_EXISTS', violations: ['response_json PASSKEY_TAKEN'] });
  expect((await client.listPasskeys({}).response).passkeys).toEqual([]);
});

test('38. adding and removing a passkey ask for a fresh sign-in', async () => {
  const { client } = await signedIn({ isFresh: false });
  const calls = [
    client.beginPasskeyRegistration({}),
    client.finishPasskeyRegistration({ challengeId: '', responseJson: '', name: '' }),
    client.deletePasskey({ id: 'any' }),
  ];
  for (const failure of await Promise.all(calls.map((call) => failed(call)))) {
    expect(failure).toMatchObject({ code: 'PERMISSION_DENIED', reason: 'FRESH_SIGN_IN_REQUIRED' });
  }
});

/** What ends the rights of somebody who has a session, in a transaction of its own. */
const endings: Readonly<Record<string, (connection: Connection, person: TestPerson) => Promise<unknown>>> = {
  'recovers by a link': async (connection, { user }) => {
    const { secret } = await createLink(connection, {
      purpose: LinkPurpose.RECOVERY,
      userId: user.id,
      maker: hostMaker,
    });
    await renewCredentials(connection, { address: '', requestId: '' }, { secret, passwordHash: '', name: '' });
  },
  'ends their sessions': (connection, { user }) => revoke(connection, { userId: user.id, sparedSessionId: undefined }),
  'is suspended': (connection, { user }) => connection.query('update users set state = 2 where id = $1', [user.id]),
};

/** Makes a call while the transaction is open that ends the rights of its caller; it has begun before, and goes on after. */
async function callWhile(ending: string, person: TestPerson, call: () => PromiseLike<unknown>) {
  const { database } = await openTestDatabase({ url: app.databaseUrl });
  let outcome: PromiseLike<unknown> = Promise.resolve();
  await database.transaction(undefined, async (connection) => {
    await endings[ending]?.(connection, person);
    outcome = failed(call());
    await untilSomebodyWaits(connection);
  });
  return outcome;
}

const notSignedIn = { code: 'UNAUTHENTICATED', reason: 'NOT_SIGNED_IN' };

describe.each(Object.keys(endings))('while the person %s', (ending) => {
  test('no passkey of a thief is added', async () => {
    const { person, client } = await signedIn();
    const { challenge } = await client.beginPasskeyRegistration({}).response;
    const responseJson = createAuthenticator({ origin }).create(challenge?.optionsJson ?? '');
    const answer = { challengeId: challenge?.id ?? '', responseJson, name: '' };
    expect(await callWhile(ending, person, () => client.finishPasskeyRegistration(answer))).toMatchObject(notSignedIn);
    expect(await passkeysOf(person)).toEqual([]);
  });

  test('none is renamed or removed, and no password is set', async () => {
    for (const call of ['renamePasskey', 'deletePasskey', 'changePassword'] as const) {
      const { person, browser, client } = await signedIn();
      const { passkey } = await registerPasskey(browser, createAuthenticator({ origin }), { name: 'Mine' });
      const request = { id: passkey?.id ?? '', name: 'Renamed', password: 'a whole new pass phrase' };
      expect(await callWhile(ending, person, () => client[call](request))).toMatchObject(notSignedIn);
      const kinds = (await eventsOf(person)).map(({ kind }) => kind);
      for (const kind of ['PASSKEY_RENAMED', 'PASSKEY_REMOVED', 'PASSWORD_CHANGED']) expect(kinds).not.toContain(kind);
    }
  });
});

test('a passkey is renamed by its owner alone, and that is written down', async () => {
  const { person, browser, client } = await signedIn();
  const { client: other } = await signedIn();
  const { passkey } = await registerPasskey(browser, createAuthenticator({ origin }));
  const id = passkey?.id ?? '';
  expect((await client.renamePasskey({ id, name: 'Key ring' }).response).passkey).toMatchObject({
    id,
    name: 'Key ring',
  });
  expect(await failed(other.renamePasskey({ id, name: 'Mine' }))).toMatchObject({ code: 'NOT_FOUND' });
  expect(await failed(other.deletePasskey({ id }))).toMatchObject({ code: 'NOT_FOUND' });
  expect((await client.listPasskeys({}).response).passkeys).toMatchObject([{ name: 'Key ring' }]);
  expect((await eventsOf(person)).map(({ kind }) => kind)).toEqual(['PASSKEY_ADDED', 'PASSKEY_RENAMED']);
});

test.for([
  ['', 'name REQUIRED'],
  ['   ', 'name REQUIRED'],
  ['x'.repeat(61), 'name TOO_LONG'],
  ['a\nb', 'name CONTROL_CHARACTER'],
])('a passkey cannot be named %j', async ([name = '', violation]) => {
  const { browser, client } = await signedIn();
  const { passkey } = await registerPasskey(browser, createAuthenticator({ origin }));
  expect(await failed(client.renamePasskey({ id: passkey?.id ?? '', name }))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    violations: [violation],
  });
});

test('a passkey beside a password can be removed, and that is written down', async () => {
  const { person, browser, client } = await signedIn();
  const { passkey } = await registerPasskey(browser, createAuthenticator({ origin }));
  await client.deletePasskey({ id: passkey?.id ?? '' }).response;
  expect((await client.listPasskeys({}).response).passkeys).toEqual([]);
  expect((await eventsOf(person)).map(({ kind }) => kind)).toEqual(['PASSKEY_ADDED', 'PASSKEY_REMOVED']);
});

test('the last thing one signs in with stays', async () => {
  const { person, browser, client } = await signedIn({ canSignIn: false });
  const { passkey } = await registerPasskey(browser, createAuthenticator({ origin }));
  expect(await failed(client.deletePasskey({ id: passkey?.id ?? '' }))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    preconditions: ['LAST_CREDENTIAL'],
  });
  expect((await eventsOf(person)).map(({ kind }) => kind)).toEqual(['PASSKEY_ADDED']);
});

test('the last thing one signs in with stays, also when both of two go at once', async () => {
  for (let round = 0; round < 15; round += 1) {
    const { browser, client } = await signedIn({ canSignIn: false });
    const ids: string[] = [];
    for (let made = 0; made < 2; made += 1) {
      const { passkey } = await registerPasskey(browser, createAuthenticator({ origin }));
      ids.push(passkey?.id ?? '');
    }
    const outcomes = await Promise.allSettled(ids.map((id) => client.deletePasskey({ id }).response));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await client.listPasskeys({}).response).passkeys).toHaveLength(1);
  }
});

test('7. the last admin keeps their last passkey', async () => {
  const { browser, client } = await signedIn({ canSignIn: false, role: UserRole.ADMIN });
  const { passkey } = await registerPasskey(browser, createAuthenticator({ origin }));
  const id = passkey?.id ?? '';
  expect(await failed(client.deletePasskey({ id }))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    preconditions: ['LAST_ADMIN'],
  });
  await createPerson(app.database, { role: UserRole.ADMIN });
  expect(await failed(client.deletePasskey({ id }))).toMatchObject({ preconditions: ['LAST_CREDENTIAL'] });
});

test('a program has no passkeys', async () => {
  const client = new CredentialServiceClient(app.transport);
  expect(await failed(client.listPasskeys({}))).toMatchObject({ code: 'PERMISSION_DENIED', reason: 'SCOPE_MISSING' });
});

test('nobody keeps more than twenty, also of those that were begun before', async () => {
  const { person, browser, client } = await signedIn();
  const { challenge } = await client.beginPasskeyRegistration({}).response;
  const responseJson = createAuthenticator({ origin }).create(challenge?.optionsJson ?? '');
  for (let made = 0; made < 20; made += 1) await registerPasskey(browser, createAuthenticator({ origin }));
  expect(await failed(registerPasskey(browser, createAuthenticator({ origin })))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    preconditions: ['TOO_MANY_PASSKEYS'],
  });
  const answer = { challengeId: challenge?.id ?? '', responseJson, name: '' };
  expect(await failed(client.finishPasskeyRegistration(answer))).toMatchObject({
    preconditions: ['TOO_MANY_PASSKEYS'],
  });
  expect(await passkeysOf(person)).toHaveLength(20);
});
