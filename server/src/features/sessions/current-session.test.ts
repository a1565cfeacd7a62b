import { SignInMethod } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { SessionServiceClient } from '@roster/proto/gen/roster/sessions/v1/session_service.client';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuthenticator } from '../../identity/testing/authenticator.ts';
import { registerPasskey } from '../../identity/testing/register-passkey.ts';
import { failureOf } from '../../rpc/read-failure.ts';
import { methodRules } from '../../rules/access.ts';
import { fieldRules } from '../../rules/field-rules.ts';
import { createPasswordPerson, goodPassword, signInWith } from '../../testing/password-people.ts';
import { openTestApp, type TestApp } from '../../testing/test-app.ts';
import { openBrowser, type TestBrowser } from '../../testing/test-browser.ts';
import { createPerson } from '../../testing/test-people.ts';

let app: TestApp & { close(): Promise<void> };
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const notSignedIn = { code: 'UNAUTHENTICATED', reason: 'NOT_SIGNED_IN' };
const sessions = ({ transport }: Pick<TestBrowser, 'transport'>) => new SessionServiceClient(transport);
const getUser = ({ transport }: TestBrowser, id: string) => new UserServiceClient(transport).getUser({ id }).response;
const cookieOf = ({ cookies }: TestBrowser) => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');

function rowsOf<Row extends object>(text: string, ...parameters: readonly unknown[]): Promise<Row[]> {
  return app.database.run(undefined, (connection) => connection.query<Row>(text, parameters));
}

test('a person learns who they are, until when, and the very rules that the server applies', async () => {
  const person = await createPasswordPerson(app.database, { role: UserRole.EDITOR, name: 'Ada' });
  const answer = await sessions(openBrowser(app, { cookie: person.cookie })).getSession({}).response;
  expect(answer).toMatchObject({
    session: { id: person.sessionId, isCurrent: true },
    user: { id: person.user.id, name: 'Ada', email: person.user.email },
    role: UserRole.EDITOR,
    hasPassword: true,
    passkeyCount: 0,
    binDays: 30,
  });
  expect(Math.abs(Number(answer.now?.seconds) * 1000 - Date.now())).toBeLessThan(60_000);
  expect(answer.access?.methods).toHaveLength([...methodRules].length);
  expect(answer.access?.methods).toContainEqual({
    method: '/roster.credentials.v1.CredentialService/CreateLink',
    isOpen: false,
    leastRole: UserRole.EDITOR,
    scope: 'credentials',
    needsFreshSignIn: true,
  });
  expect(answer.access?.fields).toEqual(fieldRules);
});

test('a program that belongs to nobody has a role, and neither session nor user', async () => {
  const answer = await sessions(app).getSession({}).response;
  expect(answer).toMatchObject({ role: UserRole.ADMIN, hasPassword: false });
  expect(answer.session).toBeUndefined();
  expect(answer.user).toBeUndefined();
});

test('nobody is told that they are nobody', async () => {
  expect(await failureOf(sessions(openBrowser(app)).getSession({}))).toMatchObject(notSignedIn);
});

test('what a page does by itself does not keep a session alive; what its person does, does', async () => {
  const person = await createPerson(app.database);
  const browser = openBrowser(app, { cookie: person.cookie });
  const idleFor = (minutes: number) =>
    rowsOf(
      `update sessions set last_active_at = now() - $2 * interval '1 min' where id = $1`,
      person.sessionId,
      minutes,
    );
  const idleMinutes = async () => {
    const [row] = await rowsOf<{ minutes: number }>(
      'select round(extract(epoch from now() - last_active_at) / 60)::int as minutes from sessions where id = $1',
      person.sessionId,
    );
    return row?.minutes;
  };
  await idleFor(20);
  await sessions(browser).getSession({}, { meta: { 'x-roster-background': '1' } });
  expect(await idleMinutes()).toBe(20);
  await sessions(browser).getSession({});
  expect(await idleMinutes()).toBe(0);
  await idleFor(31);
  expect(await failureOf(sessions(browser).getSession({}))).toMatchObject(notSignedIn);
});

test('a session ends after twelve hours, whatever its person does', async () => {
  const person = await createPerson(app.database);
  await rowsOf(`update sessions set expires_at = now() - interval '1 s' where id = $1`, person.sessionId);
  const browser = openBrowser(app, { cookie: person.cookie });
  expect(await failureOf(sessions(browser).getSession({}))).toMatchObject(notSignedIn);
});

test('38. the right password makes a session fresh, under a new secret; the old one is worthless', async () => {
  const person = await createPasswordPerson(app.database, { isFresh: false });
  const browser = openBrowser(app, { cookie: person.cookie });
  const { result } = await sessions(browser).confirmIdentity({ password: goodPassword }).response;
  expect(result.oneofKind === 'session' && result.session).toMatchObject({ id: person.sessionId, isCurrent: true });
  expect(cookieOf(browser)).not.toBe(person.cookie);
  const { session, now } = await sessions(browser).getSession({}).response;
  expect(Number(session?.freshUntil?.seconds) - Number(now?.seconds)).toBeGreaterThan(14 * 60);
  expect(await failureOf(getUser(openBrowser(app, { cookie: person.cookie }), person.user.id))).toMatchObject(
    notSignedIn,
  );
  const events = await rowsOf('select kind from access_events where session_id = $1', person.sessionId);
  expect(events).toEqual([{ kind: 'IDENTITY_CONFIRMED' }]);
});

test('38. a wrong password confirms nothing, ends nothing, and costs a wait from the fourth on, in this session alone', async () => {
  const person = await createPasswordPerson(app.database, { isFresh: false });
  const browser = openBrowser(app, { cookie: person.cookie });
  const confirm = (password: string) => failureOf(sessions(browser).confirmIdentity({ password }));
  for (let guess = 0; guess < 4; guess += 1) {
    expect(await confirm('a wrong horse battery staple')).toMatchObject({
      reason: 'SIGN_IN_FAILED',
      message: 'This is not your password.',
    });
  }
  await rowsOf("update failed_attempts set wait_until = wait_until + interval '1 min' where wait_until > now()");
  expect(await confirm(goodPassword)).toMatchObject({ reason: 'TOO_MANY_ATTEMPTS', hasRetryDelay: true });
  const { session, now } = await sessions(browser).getSession({}).response;
  expect(Number(session?.freshUntil?.seconds)).toBeLessThan(Number(now?.seconds));
  expect((await signInWith(openBrowser(app), person.user.email)).result.oneofKind).toBe('session');
});

test('38. somebody without a password cannot confirm with one', async () => {
  const person = await createPerson(app.database, { isFresh: false, canSignIn: false });
  const browser = openBrowser(app, { cookie: person.cookie });
  expect(await failureOf(sessions(browser).confirmIdentity({ password: '' }))).toMatchObject({
    reason: 'SIGN_IN_FAILED',
  });
});

test('a person with a passkey is asked for it after the right password, and is nobody until then', async () => {
  const person = await createPasswordPerson(app.database);
  const authenticator = createAuthenticator({ origin: 'https://roster.example' });
  await registerPasskey(openBrowser(app, { cookie: person.cookie }), authenticator);
  const browser = openBrowser(app);
  const { result } = await signInWith(browser, person.user.email);
  if (result.oneofKind !== 'secondFactor') throw new Error('No second factor was asked for.');
  expect(browser.setCookies).toEqual([]);
  const { id, optionsJson } = result.secondFactor;
  const responseJson = authenticator.get(optionsJson);
  const { session } = await sessions(browser).finishPasskeySignIn({ challengeId: id, responseJson }).response;
  expect(session?.method).toBe(SignInMethod.PASSWORD_AND_PASSKEY);
  expect((await getUser(browser, person.user.id)).user?.id).toBe(person.user.id);
});

test('signing out ends this session and clears its cookie; the others of the person go on', async () => {
  const person = await createPasswordPerson(app.database);
  const browser = openBrowser(app, { cookie: person.cookie });
  const other = openBrowser(app);
  await signInWith(other, person.user.email);
  await sessions(browser).signOut({});
  expect(browser.cookies.size).toBe(0);
  expect(browser.setCookies).toEqual([expect.stringMatching(/^__Host-roster-[0-9a-f]{8}=; .*Max-Age=0$/)]);
  const stolen = openBrowser(app, { cookie: person.cookie });
  expect(await failureOf(getUser(stolen, person.user.id))).toMatchObject(notSignedIn);
  expect((await getUser(other, person.user.id)).user?.id).toBe(person.user.id);
  const events = await rowsOf('select kind from access_events where session_id = $1', person.sessionId);
  expect(events).toEqual([{ kind: 'SIGNED_OUT' }]);
});
