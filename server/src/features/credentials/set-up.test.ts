import { AcceptLinkRequest, LinkPurpose } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import { SignInMethod } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { SessionServiceClient } from '@roster/proto/gen/roster/sessions/v1/session_service.client';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { expect, test } from 'vitest';
import { recoverAdmin } from '../../host/recover-admin.ts';
import { createLink, hostMaker } from '../../identity/link-store.ts';
import { type Failure, failureOf } from '../../rpc/read-failure.ts';
import { ruleOf } from '../../rules/access.ts';
import { bareTransport, contractMethods, failureOfMethod } from '../../testing/contract-calls.ts';
import { createPasswordPerson, goodPassword, signInWith } from '../../testing/password-people.ts';
import { startTestApp, type TestApp } from '../../testing/test-app.ts';
import { openBrowser, type TestBrowser } from '../../testing/test-browser.ts';

const linkInvalid = { code: 'PERMISSION_DENIED', reason: 'LINK_INVALID' };

function rowsOf<Row extends object>(
  { database }: TestApp,
  text: string,
  ...parameters: readonly unknown[]
): Promise<Row[]> {
  return database.run(undefined, (connection) => connection.query<Row>(text, parameters));
}

const credentials = ({ transport }: TestBrowser) => new CredentialServiceClient(transport);

/** As `roster setup link` makes it. */
async function newSetupSecret({ database }: TestApp): Promise<string> {
  const link = { purpose: LinkPurpose.SETUP, userId: undefined, maker: hostMaker };
  const { secret } = await database.transaction(undefined, (connection) => createLink(connection, link));
  return secret;
}

const ada = { name: 'Ada Lovelace', email: 'Ada@Engine.example', password: goodPassword };

function accept(browser: TestBrowser, secret: string, fields: Partial<typeof ada> = {}) {
  return credentials(browser).acceptLink(AcceptLinkRequest.create({ secret, ...ada, ...fields })).response;
}

test('26. a fresh store has no user and no password, and refuses every method but those that ask who it is', async () => {
  const app = await startTestApp();
  expect(await rowsOf(app, 'select from users')).toEqual([]);
  expect(await rowsOf(app, 'select from passwords')).toEqual([]);
  const transport = bareTransport(app.app.port);
  const answered: string[] = [];
  for (const [path, method] of contractMethods) {
    const failure = await failureOfMethod(transport, method, {});
    if (!ruleOf(path)?.isOpen)
      expect(failure, path).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'NOT_SIGNED_IN' });
    else if (!failure) answered.push(method.name);
    else
      expect(failure.code, path).toMatch(/^(UNAUTHENTICATED|PERMISSION_DENIED|FAILED_PRECONDITION|INVALID_ARGUMENT)$/);
  }
  transport.close();
  expect(answered.sort()).toEqual(['BeginPasskeySignIn', 'GetSignInOptions']);
  const browser = openBrowser(app);
  expect((await new SessionServiceClient(browser.transport).getSignInOptions({}).response).needsSetup).toBe(true);
  for (const [email, password] of [
    ['admin', 'admin'],
    ['admin@roster.example', 'password'],
    ['roster', 'roster'],
    ['', ''],
  ]) {
    const failure = await failureOf(signInWith(openBrowser(app), email ?? '', password ?? ''));
    expect(failure.reason).toMatch(/^(SIGN_IN_FAILED|TOO_MANY_ATTEMPTS)$/);
  }
});

test('26. records with the role of an admin, as an import makes them, let nobody in and do not stop the set-up', async () => {
  const app = await startTestApp();
  const { user } = await app.client.createUser({
    id: '',
    name: 'Imported',
    email: 'imported@people.example',
    role: UserRole.ADMIN,
    state: 0,
    tags: [],
    metadata: {},
    requestId: '',
  }).response;
  expect(await failureOf(signInWith(openBrowser(app), user?.email ?? '', ''))).toMatchObject({
    reason: 'SIGN_IN_FAILED',
  });
  const browser = openBrowser(app);
  await accept(browser, await newSetupSecret(app));
  expect(browser.cookies.size).toBe(1);
});

test('27. the set-up link says what it is for, makes the first admin, and signs them in', async () => {
  const app = await startTestApp();
  const secret = await newSetupSecret(app);
  const browser = openBrowser(app);
  const link = await credentials(browser).openLink({ secret }).response;
  expect(link).toMatchObject({ purpose: LinkPurpose.SETUP, name: '', email: '' });
  const { session } = await accept(browser, secret);
  expect(session).toMatchObject({ method: SignInMethod.LINK, isCurrent: true });
  const { user, role } = await new SessionServiceClient(browser.transport).getSession({}).response;
  expect(user).toMatchObject({ name: 'Ada Lovelace', email: 'Ada@Engine.example', role: UserRole.ADMIN });
  expect(role).toBe(UserRole.ADMIN);
  const history = await rowsOf(app, 'select kind, actor_id, actor from changes where user_id = $1', user?.id);
  expect(history).toEqual([{ kind: 'created', actor_id: user?.id, actor: 'Ada Lovelace' }]);
  const events = await rowsOf(app, 'select kind from access_events where user_id = $1 order by id', user?.id);
  expect(events).toEqual([{ kind: 'SETUP_COMPLETED' }, { kind: 'SIGNED_IN' }]);
  expect((await new SessionServiceClient(browser.transport).getSignInOptions({}).response).needsSetup).toBe(false);
  await signInWith(openBrowser(app), 'ada@engine.example');
});

test('27. of fifty who use the set-up link at one time exactly one becomes the admin', {
  timeout: 120_000,
}, async () => {
  const app = await startTestApp();
  const secret = await newSetupSecret(app);
  const browsers = Array.from({ length: 50 }, () => openBrowser(app));
  const outcomes = await Promise.allSettled(
    browsers.map((browser, index) => accept(browser, secret, { email: `admin-${index}@people.example` })),
  );
  const failures = await Promise.all(
    outcomes.flatMap((outcome): Promise<Failure>[] =>
      outcome.status === 'rejected' ? [failureOf(Promise.reject(outcome.reason))] : [],
    ),
  );
  expect(failures).toHaveLength(49);
  expect(new Set(failures.map(({ reason }) => reason))).toEqual(new Set(['LINK_INVALID']));
  expect(browsers.filter(({ cookies }) => cookies.size > 0)).toHaveLength(1);
  expect(await rowsOf(app, 'select role from users')).toEqual([{ role: UserRole.ADMIN }]);
  expect(await rowsOf(app, 'select from passwords')).toHaveLength(1);
  expect(await rowsOf(app, 'select from sessions')).toHaveLength(1);
});

test('27. two set-up links, one of them replaced, make one admin between them', async () => {
  const app = await startTestApp();
  const [old, current] = [await newSetupSecret(app), await newSetupSecret(app)];
  expect(await failureOf(accept(openBrowser(app), old))).toMatchObject(linkInvalid);
  await accept(openBrowser(app), current);
  expect(await failureOf(accept(openBrowser(app), current, { email: 'eve@people.example' }))).toMatchObject(
    linkInvalid,
  );
});

test('27. the set-up link is dead once somebody else is an admin who can sign in', async () => {
  const app = await startTestApp();
  const secret = await newSetupSecret(app);
  await createPasswordPerson(app.database, { role: UserRole.ADMIN });
  const adminExists = { code: 'FAILED_PRECONDITION', reason: 'ADMIN_EXISTS' };
  expect(await failureOf(credentials(openBrowser(app)).openLink({ secret }))).toMatchObject(adminExists);
  const browser = openBrowser(app);
  expect(await failureOf(accept(browser, secret))).toMatchObject(adminExists);
  expect(browser.setCookies).toEqual([]);
  expect(await rowsOf(app, 'select from users')).toHaveLength(1);
});

test('27. the set-up link expires after 24 hours', async () => {
  const app = await startTestApp();
  const secret = await newSetupSecret(app);
  const [row] = await rowsOf<{ hours: number }>(
    app,
    'select extract(epoch from expires_at - created_at)::int / 3600 as hours from one_time_links',
  );
  expect(row?.hours).toBe(24);
  await rowsOf(app, `update one_time_links set expires_at = now() - interval '1 s'`);
  expect(await failureOf(credentials(openBrowser(app)).openLink({ secret }))).toMatchObject(linkInvalid);
  expect(await failureOf(accept(openBrowser(app), secret))).toMatchObject(linkInvalid);
});

test('27. a set-up that is refused for what it says leaves the link good, and names every field at fault', async () => {
  const app = await startTestApp();
  const secret = await newSetupSecret(app);
  const failure = await failureOf(
    accept(openBrowser(app), secret, { name: ' ', email: 'no email', password: 'short' }),
  );
  expect(failure).toMatchObject({ code: 'INVALID_ARGUMENT', fields: ['name', 'email', 'password'] });
  expect(await failureOf(accept(openBrowser(app), secret, { password: 'ada.lovelace.ada' }))).toMatchObject({
    reason: 'PASSWORD_TOO_PERSONAL',
    fields: ['password'],
  });
  await accept(openBrowser(app), secret);
});

test('27. whoever takes the email of a record at the set-up is told so', async () => {
  const app = await startTestApp();
  await createPasswordPerson(app.database, { email: 'ada@engine.example' });
  const secret = await newSetupSecret(app);
  expect(await failureOf(accept(openBrowser(app), secret))).toMatchObject({
    code: 'ALREADY_EXISTS',
    fields: ['email'],
  });
  await accept(openBrowser(app), secret, { email: 'ada2@engine.example' });
});

test.each([
  ['nothing', () => ''],
  ['a cut secret', (secret: string) => secret.slice(0, -1)],
  ['a lengthened secret', (secret: string) => `${secret}A`],
  ['a doubled secret', (secret: string) => secret + secret],
  ['a secret in capitals', (secret: string) => secret.toUpperCase()],
  ['a secret with a space', (secret: string) => ` ${secret}`],
  ['a secret of 60,000 characters', () => 'A'.repeat(60_000)],
  ['a random secret', () => 'A'.repeat(43)],
  ['a secret with a NUL', (secret: string) => `${secret}\0`],
])('27. %s opens nothing', async (_what, spoil) => {
  const app = await startTestApp();
  const secret = spoil(await newSetupSecret(app));
  expect(await failureOf(credentials(openBrowser(app)).openLink({ secret }))).toMatchObject(linkInvalid);
  expect(await failureOf(accept(openBrowser(app), secret))).toMatchObject(linkInvalid);
});

test('an admin who has lost everything is let in again from the host, and all they had is worthless', async () => {
  const app = await startTestApp();
  const person = await createPasswordPerson(app.database, { role: UserRole.ADMIN });
  const path = await recoverAdmin(app.database, ['--email', person.user.email]);
  const browser = openBrowser(app);
  await accept(browser, /#([\w-]{43})/.exec(path)?.[1] ?? '', { password: 'a whole new pass phrase' });
  expect((await new SessionServiceClient(browser.transport).getSession({}).response).role).toBe(UserRole.ADMIN);
  const old = openBrowser(app, { cookie: person.cookie });
  expect(await failureOf(new SessionServiceClient(old.transport).getSession({}))).toMatchObject({
    reason: 'NOT_SIGNED_IN',
  });
  expect(await failureOf(signInWith(openBrowser(app), person.user.email))).toMatchObject({ reason: 'SIGN_IN_FAILED' });
});
