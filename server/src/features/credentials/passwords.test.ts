import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import { SessionServiceClient } from '@roster/proto/gen/roster/sessions/v1/session_service.client';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf } from '../../rpc/read-failure.ts';
import { createPasswordPerson, goodPassword, signInWith } from '../../testing/password-people.ts';
import { createTestToken, openTestApp, type TestApp } from '../../testing/test-app.ts';
import { openBrowser } from '../../testing/test-browser.ts';
import { createPerson, signInAgain, type TestPerson, transportOfProgram } from '../../testing/test-people.ts';

let app: TestApp & { close(): Promise<void> };
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const newPassword = 'a whole new pass phrase';
const transportOf = ({ cookie }: TestPerson) => openBrowser(app, { cookie }).transport;
const change = (person: TestPerson, password: string) =>
  new CredentialServiceClient(transportOf(person)).changePassword({ password }).response;
const sessionOf = (person: TestPerson) => new SessionServiceClient(transportOf(person)).getSession({}).response;
const resultOf = async (person: TestPerson, password: string) =>
  (await signInWith(openBrowser(app), person.user.email, password)).result.oneofKind;

test('a new password is good from then on, the old one is not; the other sessions end, this one goes on', async () => {
  const person = await createPasswordPerson(app.database);
  const elsewhere = await signInAgain(app.database, person);
  await change(person, newPassword);
  expect((await sessionOf(person)).session?.id).toBe(person.sessionId);
  expect(await failureOf(sessionOf(elsewhere))).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'NOT_SIGNED_IN' });
  expect(await resultOf(person, newPassword)).toBe('session');
  expect(await failureOf(resultOf(person, goodPassword))).toMatchObject({ reason: 'SIGN_IN_FAILED' });
});

test('a new password ends no token of the person: programs do not sign in by it', async () => {
  const person = await createPasswordPerson(app.database);
  const token = await createTestToken(app.database, { ownerId: person.user.id });
  await change(person, newPassword);
  const program = new UserServiceClient(transportOfProgram(token, app));
  expect((await program.getUser({ id: person.user.id }).response).user?.id).toBe(person.user.id);
});

test('38. changing the password asks for a fresh sign-in, and the right old password is one', async () => {
  const person = await createPasswordPerson(app.database, { isFresh: false });
  const browser = openBrowser(app, { cookie: person.cookie });
  const client = new CredentialServiceClient(browser.transport);
  expect(await failureOf(client.changePassword({ password: newPassword }))).toMatchObject({
    code: 'PERMISSION_DENIED',
    reason: 'FRESH_SIGN_IN_REQUIRED',
  });
  expect(await resultOf(person, goodPassword)).toBe('session');
  await new SessionServiceClient(browser.transport).confirmIdentity({ password: goodPassword });
  await client.changePassword({ password: newPassword });
  expect(await resultOf(person, newPassword)).toBe('session');
});

test.each([
  ['', 'REQUIRED'],
  ['fourteen chars', 'PASSWORD_TOO_SHORT'],
  ['123456789012345', 'PASSWORD_TOO_COMMON'],
  ['Grace Hopper 1906', 'PASSWORD_TOO_PERSONAL'],
])('the password “%s” is refused on its field, and the old one stays: %s', async (password, reason) => {
  const person = await createPasswordPerson(app.database, { name: 'Grace Hopper' });
  expect(await failureOf(change(person, password))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    fields: ['password'],
    reason,
  });
  expect(await resultOf(person, goodPassword)).toBe('session');
});

test('somebody who has only other ways to sign in gives themselves a password', async () => {
  const person = await createPerson(app.database, { canSignIn: false });
  await change(person, newPassword);
  expect(await resultOf(person, newPassword)).toBe('session');
});

test('a sign-in with the old password, at the time of its change, does not outlive it', {
  timeout: 120_000,
}, async () => {
  const person = await createPasswordPerson(app.database);
  const browsers = Array.from({ length: 12 }, () => openBrowser(app));
  const signIns = browsers.map((browser) => signInWith(browser, person.user.email, goodPassword));
  const [changed, ...outcomes] = await Promise.allSettled([change(person, newPassword), ...signIns]);
  expect(changed?.status).toBe('fulfilled');
  expect(outcomes).toHaveLength(12);
  const live = await app.database.run(undefined, (connection) =>
    connection.query<{ id: string }>('select id from sessions where user_id = $1 and ended_at is null', [
      person.user.id,
    ]),
  );
  expect(live).toEqual([{ id: person.sessionId }]);
});
