import { SignInMethod } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { SessionServiceClient } from '@roster/proto/gen/roster/sessions/v1/session_service.client';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Authenticator, createAuthenticator, type Fault } from '../../identity/testing/authenticator.ts';
import { registerPasskey } from '../../identity/testing/register-passkey.ts';
import { lockUser } from '../../store/user-store.ts';
import { openTestApp, type TestApp } from '../../testing/test-app.ts';
import { openBrowser, type TestBrowser } from '../../testing/test-browser.ts';
import { openTestDatabase } from '../../testing/test-database.ts';
import { createPerson, type TestPerson } from '../../testing/test-people.ts';
import { untilSomebodyWaits } from '../../testing/until-somebody-waits.ts';
import { failed } from '../users/testing/call-failure.ts';

let app: TestApp & { close(): Promise<void> };
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const origin = 'https://roster.example';
const refused = {
  code: 'UNAUTHENTICATED',
  reason: 'SIGN_IN_FAILED',
  message:
    'The passkey was not accepted: it came too late, is not known here, is somebody else’s, or its person may not sign in.',
};

interface Holder {
  readonly person: TestPerson;
  readonly authenticator: Authenticator;
  /** Signed in already. */
  readonly browser: TestBrowser;
}

/** Somebody with a passkey. */
async function createHolder(): Promise<Holder> {
  const person = await createPerson(app.database);
  const browser = openBrowser(app, { cookie: person.cookie });
  const authenticator = createAuthenticator({ origin });
  await registerPasskey(browser, authenticator);
  return { person, authenticator, browser };
}

async function begin(browser: TestBrowser, confirms = false) {
  const { challenge } = await new SessionServiceClient(browser.transport).beginPasskeySignIn({ confirms }).response;
  return challenge ?? { id: '', optionsJson: '' };
}

async function signIn(browser: TestBrowser, authenticator: Authenticator, fault: Fault = {}) {
  return answer(browser, authenticator, await begin(browser), fault);
}

async function confirm(browser: TestBrowser, authenticator: Authenticator) {
  return answer(browser, authenticator, await begin(browser, true));
}

async function answer(
  browser: TestBrowser,
  authenticator: Authenticator,
  { id, optionsJson }: Awaited<ReturnType<typeof begin>>,
  fault: Fault = {},
) {
  const client = new SessionServiceClient(browser.transport);
  return client.finishPasskeySignIn({ challengeId: id, responseJson: authenticator.get(optionsJson, fault) }).response;
}

function rowsOf<Row extends object>(text: string, ...parameters: readonly unknown[]): Promise<Row[]> {
  return app.database.run(undefined, (connection) => connection.query<Row>(text, parameters));
}

test('a passkey alone signs in: nobody says who they are, and the cookie is set for this host alone', async () => {
  const { person, authenticator } = await createHolder();
  const browser = openBrowser(app);
  const { optionsJson } = await begin(browser);
  expect(JSON.parse(optionsJson)).toMatchObject({
    rpId: 'roster.example',
    userVerification: 'required',
    allowCredentials: [],
  });
  expect(browser.cookies.size).toBe(0);

  const { session } = await signIn(browser, authenticator);
  expect(session).toMatchObject({ method: SignInMethod.PASSKEY, isCurrent: true });
  expect(browser.setCookies).toEqual([
    expect.stringMatching(/^__Host-roster-[0-9a-f]{8}=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/),
  ]);
  const { user } = await new UserServiceClient(browser.transport).getUser({ id: person.user.id }).response;
  expect(user?.id).toBe(person.user.id);
  const events = await rowsOf('select kind, detail from access_events where session_id = $1', session?.id);
  expect(events).toEqual([{ kind: 'SIGNED_IN', detail: 'passkey' }]);
  const [{ used } = { used: 0 }] = await rowsOf<{ used: number }>(
    'select last_used_at as used from passkeys where user_id = $1',
    person.user.id,
  );
  expect(used).toBeGreaterThan(Date.now() - 60_000);
});

test('38. who confirms with a passkey goes on with their session, with a new secret and a fresh proof', async () => {
  const { person, authenticator, browser } = await createHolder();
  await rowsOf(`update sessions set authenticated_at = now() - interval '1 hour' where id = $1`, person.sessionId);
  const before = [...browser.cookies.values()];
  const { session } = await confirm(browser, authenticator);
  expect(session?.id).toBe(person.sessionId);
  expect([...browser.cookies.values()]).not.toEqual(before);
  await registerPasskey(browser, createAuthenticator({ origin }));
  const old = openBrowser(app, { cookie: person.cookie });
  expect(await failed(new UserServiceClient(old.transport).getUser({ id: person.user.id }))).toMatchObject({
    code: 'UNAUTHENTICATED',
    reason: 'NOT_SIGNED_IN',
  });
});

test('38. nobody confirms a session of somebody else, nor without one', async () => {
  const [ada, eve] = [await createHolder(), await createHolder()];
  expect(await failed(confirm(eve.browser, ada.authenticator))).toMatchObject(refused);
  const challenge = await begin(eve.browser, true);
  expect(await failed(answer(openBrowser(app), eve.authenticator, challenge))).toMatchObject(refused);
  expect(await failed(begin(openBrowser(app), true))).toMatchObject({
    code: 'UNAUTHENTICATED',
    reason: 'NOT_SIGNED_IN',
  });
});

test('who signs in again before their session ends begins a new one, which lasts its whole time', async () => {
  const { person, authenticator, browser } = await createHolder();
  await rowsOf(`update sessions set expires_at = now() + interval '1 minute' where id = $1`, person.sessionId);
  const { session } = await signIn(browser, authenticator);
  expect(session).toMatchObject({ method: SignInMethod.PASSKEY, isCurrent: true });
  const live = await rowsOf(
    `select id, expires_at > now() + interval '11 hours' as lasts from sessions where user_id = $1 and ended_at is null`,
    person.user.id,
  );
  expect(live).toEqual([{ id: session?.id, lasts: true }]);
});

test('who signs in as somebody else ends the session that the browser had, and the history of its person says so', async () => {
  const { authenticator, person } = await createHolder();
  const other = await createPerson(app.database);
  const browser = openBrowser(app, { cookie: other.cookie });
  const { session } = await signIn(browser, authenticator);
  const rows = await rowsOf('select user_id from sessions where ended_at is null and user_id = any($1)', [
    other.user.id,
    person.user.id,
  ]);
  expect(session?.id).not.toBe(other.sessionId);
  expect(rows).not.toContainEqual({ user_id: other.user.id });
  const events = await rowsOf('select kind, actor_id, session_id from access_events where user_id = $1', other.user.id);
  expect(events).toEqual([{ kind: 'SESSION_ENDED', actor_id: person.user.id, session_id: session?.id }]);
});

const faults: Readonly<Record<string, Fault>> = {
  'another page': { origin: 'https://roster.example.evil.example' },
  'another host': { rpId: 'evil.example' },
  'an answer to another challenge': { challenge: Buffer.alloc(32).toString('base64url') },
  'a registration in place of a sign-in': { type: 'webauthn.create' },
  'nobody verified': { isUserVerified: false },
  'nobody present': { isUserPresent: false },
  'an unknown passkey': { id: Buffer.alloc(32).toString('base64url') },
  "somebody else's handle": { userHandle: Buffer.alloc(16).toString('base64url') },
  'a signature of something else': { signature: Buffer.from('30060201010201ff', 'hex') },
  'no signature': { signature: Buffer.alloc(0) },
};

test.for(Object.entries(faults))('nobody gets in with %s, and all such answers look the same', async ([, fault]) => {
  const { authenticator } = await createHolder();
  const browser = openBrowser(app);
  expect(await failed(signIn(browser, authenticator, fault))).toMatchObject(refused);
  expect(browser.setCookies).toEqual([]);
});

test("nobody gets in with somebody else's passkey id and a signature of their own", async () => {
  const [ada, eve] = [await createHolder(), await createHolder()];
  const [{ id } = { id: '' }] = await rowsOf<{ id: string }>(
    'select id from passkeys where user_id = $1',
    ada.person.user.id,
  );
  expect(await failed(signIn(openBrowser(app), eve.authenticator, { id }))).toMatchObject(refused);
  const handle = Buffer.from(ada.person.user.id.replaceAll('-', ''), 'hex').toString('base64url');
  const both = { id, userHandle: handle };
  expect(await failed(signIn(openBrowser(app), eve.authenticator, both))).toMatchObject(refused);
});

test.for(['', 'no JSON', 'null', '[]', '{}', '{"id":"a","response":{}}', '{"id":7,"response":null}'])(
  'an answer that cannot be read is refused: %s',
  async (responseJson) => {
    const browser = openBrowser(app);
    const { id } = await begin(browser);
    const client = new SessionServiceClient(browser.transport);
    expect(await failed(client.finishPasskeySignIn({ challengeId: id, responseJson }))).toMatchObject(refused);
  },
);

test('a passkey that counts back, as a copy of it would, is refused', async () => {
  const { authenticator } = await createHolder();
  await signIn(openBrowser(app), authenticator, { counter: 7 });
  expect(await failed(signIn(openBrowser(app), authenticator, { counter: 7 }))).toMatchObject(refused);
  expect(await failed(signIn(openBrowser(app), authenticator, { counter: 6 }))).toMatchObject(refused);
  await signIn(openBrowser(app), authenticator, { counter: 8 });
});

test('a passkey that does not count, as synced ones do not, goes on signing in', async () => {
  const { authenticator } = await createHolder();
  for (let times = 0; times < 2; times += 1) await signIn(openBrowser(app), authenticator, { counter: 0 });
});

test('a challenge is good once: of ten answers at one time one signs in', async () => {
  const { authenticator } = await createHolder();
  const browser = openBrowser(app);
  const { id, optionsJson } = await begin(browser);
  const client = new SessionServiceClient(browser.transport);
  const answers = Array.from({ length: 10 }, () => ({
    challengeId: id,
    responseJson: authenticator.get(optionsJson),
  }));
  const outcomes = await Promise.allSettled(answers.map((answer) => client.finishPasskeySignIn(answer).response));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a wrong answer uses a challenge up', async () => {
  const { authenticator } = await createHolder();
  const browser = openBrowser(app);
  const { id, optionsJson } = await begin(browser);
  const client = new SessionServiceClient(browser.transport);
  await failed(client.finishPasskeySignIn({ challengeId: id, responseJson: '{}' }));
  const responseJson = authenticator.get(optionsJson);
  expect(await failed(client.finishPasskeySignIn({ challengeId: id, responseJson }))).toMatchObject(refused);
});

test('a challenge that has expired, or is for a registration, signs nobody in', async () => {
  const { authenticator, person } = await createHolder();
  const browser = openBrowser(app);
  const client = new SessionServiceClient(browser.transport);
  for (const change of [`expires_at = now() - interval '1 ms'`, `kind = 'passkey-registration'`]) {
    const { id, optionsJson } = await begin(browser);
    await rowsOf(`update challenges set ${change} where id = $1`, id);
    const responseJson = authenticator.get(optionsJson);
    expect(await failed(client.finishPasskeySignIn({ challengeId: id, responseJson }))).toMatchObject(refused);
  }
  expect(await rowsOf('select from sessions where user_id = $1 and method = 2', person.user.id)).toEqual([]);
});

test.for(['state = 2', 'deleted_at = now()'])('a passkey of a person of whom %s signs nobody in', async (change) => {
  const { authenticator, person } = await createHolder();
  await rowsOf(`update users set ${change} where id = $1`, person.user.id);
  const browser = openBrowser(app);
  expect(await failed(signIn(browser, authenticator))).toMatchObject(refused);
  expect(browser.setCookies).toEqual([]);
});

test('a suspension at the moment of a sign-in lets no session begin, which would be good again once it is taken back', async () => {
  const { authenticator, person } = await createHolder();
  await rowsOf('update sessions set ended_at = now() where user_id = $1', person.user.id);
  const browser = openBrowser(app);
  const { database } = await openTestDatabase({ url: app.databaseUrl });
  let signingIn: PromiseLike<unknown> = Promise.resolve();
  await database.transaction(undefined, async (connection) => {
    await lockUser(connection, person.user.id);
    await connection.query('update users set state = 2 where id = $1', [person.user.id]);
    signingIn = failed(signIn(browser, authenticator));
    await untilSomebodyWaits(connection);
  });
  expect(await signingIn).toMatchObject(refused);
  expect(browser.setCookies).toEqual([]);
  expect(await rowsOf('select from sessions where user_id = $1 and ended_at is null', person.user.id)).toEqual([]);
});

test('33. an answer without the page that gave it, as from a program, signs nobody in', async () => {
  const { authenticator } = await createHolder();
  const { id, optionsJson } = await begin(openBrowser(app));
  const client = new SessionServiceClient(app.transport);
  const answer = { challengeId: id, responseJson: authenticator.get(optionsJson) };
  expect(await failed(client.finishPasskeySignIn(answer))).toMatchObject(refused);
});
