import { type PasskeyChallenge, SignInMethod } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { SessionServiceClient } from '@roster/proto/gen/roster/sessions/v1/session_service.client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Authenticator, createAuthenticator } from '../../identity/testing/authenticator.ts';
import { registerPasskey } from '../../identity/testing/register-passkey.ts';
import { createPasswordPerson, goodPassword, signInWith } from '../../testing/password-people.ts';
import { openTestApp, type TestApp } from '../../testing/test-app.ts';
import { openBrowser, type TestBrowser } from '../../testing/test-browser.ts';
import { signInAgain, type TestPerson } from '../../testing/test-people.ts';
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
  message: expect.stringMatching(/^The passkey was not accepted: /),
};

interface Holder {
  readonly person: TestPerson;
  readonly authenticator: Authenticator;
  /** Signed in already. */
  readonly browser: TestBrowser;
}

/** Somebody with a password and a passkey. */
async function createHolder(): Promise<Holder> {
  const person = await createPasswordPerson(app.database);
  const browser = openBrowser(app, { cookie: person.cookie });
  const authenticator = createAuthenticator({ origin });
  await registerPasskey(browser, authenticator);
  return { person, authenticator, browser };
}

async function givePassword(browser: TestBrowser, { user }: TestPerson): Promise<PasskeyChallenge> {
  const { result } = await signInWith(browser, user.email);
  if (result.oneofKind !== 'secondFactor') throw new Error('No passkey is asked for.');
  return result.secondFactor;
}

async function confirmPassword(browser: TestBrowser): Promise<PasskeyChallenge> {
  const { result } = await new SessionServiceClient(browser.transport).confirmIdentity({ password: goodPassword })
    .response;
  if (result.oneofKind !== 'secondFactor') throw new Error('No passkey is asked for.');
  return result.secondFactor;
}

async function answer(browser: TestBrowser, { id, optionsJson }: PasskeyChallenge, authenticator: Authenticator) {
  const responseJson = authenticator.get(optionsJson);
  return new SessionServiceClient(browser.transport).finishPasskeySignIn({ challengeId: id, responseJson }).response;
}

/** Any passkey of theirs, whoever was asked. */
function withoutNames({ id, optionsJson }: PasskeyChallenge): PasskeyChallenge {
  return { id, optionsJson: JSON.stringify({ ...JSON.parse(optionsJson), allowCredentials: [] }) };
}

async function sessionsOf({ user }: TestPerson): Promise<readonly { id: string; method: number }[]> {
  return app.database.run(undefined, (connection) =>
    connection.query('select id, method from sessions where user_id = $1 and ended_at is null order by created_at', [
      user.id,
    ]),
  );
}

test('the right password of a person with a passkey signs nobody in: their passkey is asked for by name', async () => {
  const { person, authenticator } = await createHolder();
  const browser = openBrowser(app);
  const challenge = await givePassword(browser, person);
  expect(browser.setCookies).toEqual([]);
  expect(JSON.parse(challenge.optionsJson)).toMatchObject({
    rpId: 'roster.example',
    userVerification: 'required',
    allowCredentials: [{ type: 'public-key', transports: ['internal'] }],
  });
  const { session } = await answer(browser, challenge, authenticator);
  expect(session?.method).toBe(SignInMethod.PASSWORD_AND_PASSKEY);
  expect((await sessionsOf(person)).map(({ id }) => id)).toEqual([person.sessionId, session?.id]);
});

test("nobody's own passkey ends what somebody else's password has begun", async () => {
  const [ada, eve] = [await createHolder(), await createHolder()];
  const browser = openBrowser(app);
  const challenge = withoutNames(await givePassword(browser, ada.person));
  expect(await failed(answer(browser, challenge, eve.authenticator))).toMatchObject(refused);
  expect(await failed(answer(browser, challenge, ada.authenticator))).toMatchObject(refused);
  expect(browser.setCookies).toEqual([]);
});

test('a wrong password tells nothing of passkeys', async () => {
  const { person } = await createHolder();
  expect(await failed(signInWith(openBrowser(app), person.user.email, 'wrong horse battery staple'))).toMatchObject({
    reason: 'SIGN_IN_FAILED',
    message: 'Email and password do not fit together, or this person may not sign in.',
  });
});

test('38. who confirms with their password is asked for their passkey too, and goes on with their session', async () => {
  const { person, browser, authenticator } = await createHolder();
  await app.database.run(undefined, (connection) =>
    connection.query(`update sessions set authenticated_at = now() - interval '1 hour' where id = $1`, [
      person.sessionId,
    ]),
  );
  const before = browser.setCookies.length;
  const challenge = await confirmPassword(browser);
  expect(browser.setCookies).toHaveLength(before);
  expect(await failed(registerPasskey(browser, createAuthenticator({ origin })))).toMatchObject({
    reason: 'FRESH_SIGN_IN_REQUIRED',
  });
  const { session } = await answer(browser, challenge, authenticator);
  expect(session?.id).toBe(person.sessionId);
  await registerPasskey(browser, createAuthenticator({ origin }));
});

test('what one session has begun to confirm ends no other one, and in no other browser', async () => {
  const { person, browser, authenticator } = await createHolder();
  const again = await signInAgain(app.database, person);
  const other = openBrowser(app, { cookie: again.cookie });
  expect(await failed(answer(other, await confirmPassword(browser), authenticator))).toMatchObject(refused);
  expect(await failed(answer(openBrowser(app), await confirmPassword(browser), authenticator))).toMatchObject(refused);
  expect((await sessionsOf(person)).map(({ id }) => id)).toEqual([person.sessionId, again.sessionId]);
});

test('a session that was ended meanwhile is not confirmed', async () => {
  const { browser, authenticator } = await createHolder();
  const challenge = await confirmPassword(browser);
  const cookies = new Map(browser.cookies);
  await new SessionServiceClient(browser.transport).signOut({}).response;
  for (const [name, value] of cookies) browser.cookies.set(name, value);
  expect(await failed(answer(browser, challenge, authenticator))).toMatchObject(refused);
});
