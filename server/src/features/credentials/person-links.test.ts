import { Timestamp } from '@roster/proto/gen/google/protobuf/timestamp';
import { AcceptLinkRequest, LinkPurpose } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import { SignInMethod } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { SessionServiceClient } from '@roster/proto/gen/roster/sessions/v1/session_service.client';
import { TokenServiceClient } from '@roster/proto/gen/roster/tokens/v1/token_service.client';
import { UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recoverAdmin } from '../../host/recover-admin.ts';
import { revoke } from '../../identity/revoke.ts';
import { createAuthenticator } from '../../identity/testing/authenticator.ts';
import { registerPasskey } from '../../identity/testing/register-passkey.ts';
import { failureOf } from '../../rpc/read-failure.ts';
import { watch } from '../../testing/feed-client.ts';
import { createPasswordPerson, from, goodPassword, signInWith } from '../../testing/password-people.ts';
import { storeText } from '../../testing/store-text.ts';
import { createTestToken, openTestApp, type TestApp } from '../../testing/test-app.ts';
import { openBrowser, type TestBrowser } from '../../testing/test-browser.ts';
import { openTestDatabase } from '../../testing/test-database.ts';
import { createPerson, type PersonFields, type TestPerson, transportOfProgram } from '../../testing/test-people.ts';
import { untilSomebodyWaits } from '../../testing/until-somebody-waits.ts';
import { failed } from '../users/testing/call-failure.ts';
import { renewCredentials } from './renew-credentials.ts';

let app: TestApp & { close(): Promise<void> };
/** Who makes the links unless told otherwise. */
let admin: TestPerson;
beforeAll(async () => {
  app = await openTestApp();
  admin = await createPerson(app.database, { role: UserRole.ADMIN });
});
afterAll(() => app.close());

const { ADMIN, EDITOR, VIEWER } = UserRole;
const linkInvalid = { code: 'PERMISSION_DENIED', reason: 'LINK_INVALID' };
const newPassword = 'a whole new pass phrase';

function rowsOf<Row extends object>(text: string, ...parameters: readonly unknown[]): Promise<Row[]> {
  return app.database.run(undefined, (connection) => connection.query<Row>(text, parameters));
}

const browserOf = ({ cookie }: TestPerson) => openBrowser(app, { cookie });
const credentials = ({ transport }: Pick<TestBrowser, 'transport'>) => new CredentialServiceClient(transport);
const sessionOf = ({ transport }: TestBrowser) => new SessionServiceClient(transport).getSession({}).response;
const invite = (userId: string, requestId = '', by: Pick<TestBrowser, 'transport'> = browserOf(admin)) =>
  credentials(by).createLink({ userId, requestId }).response;
const secretIn = ({ path }: { readonly path: string }) => path.split('#')[1] ?? '';
const accept = (browser: TestBrowser, secret: string, password = newPassword) =>
  credentials(browser).acceptLink(AcceptLinkRequest.create({ secret, password })).response;
const change = (id: string, user: Parameters<typeof UpdateUserRequest.create>[0] = {}) =>
  app.client.updateUser(UpdateUserRequest.create({ id, ...user })).response;

const tokenOf = (ownerId: string) => createTestToken(app.database, { ownerId, role: EDITOR });
const aToken = {
  name: 'A program',
  role: VIEWER,
  scopes: ['users.read'],
  expiresAt: Timestamp.fromDate(new Date(Date.now() + 3_600_000)),
};

/** Somebody who is in the list and cannot sign in. */
async function createRecord(fields: PersonFields = {}): Promise<TestPerson> {
  const person = await createPerson(app.database, { canSignIn: false, ...fields });
  await rowsOf('delete from sessions where user_id = $1', person.user.id);
  return person;
}

test('an invitation lets a person in who could not sign in, with a password of their own', async () => {
  const { user } = await createRecord({ name: 'Grace Hopper' });
  const link = await invite(user.id);
  expect(link).toMatchObject({ purpose: LinkPurpose.INVITATION, mailedTo: '' });
  expect(link.path).toMatch(/^\/accept#[\w-]{43}$/);
  const browser = openBrowser(app);
  const opened = await credentials(browser).openLink({ secret: secretIn(link) }).response;
  expect(opened).toMatchObject({ purpose: LinkPurpose.INVITATION, name: 'Grace Hopper', email: user.email });
  expect(opened.expiresAt).toEqual(link.expiresAt);
  const { session } = await accept(browser, secretIn(link));
  expect(session).toMatchObject({ method: SignInMethod.LINK, isCurrent: true });
  expect((await sessionOf(browser)).user?.id).toBe(user.id);
  expect((await signInWith(openBrowser(app), user.email, newPassword)).result.oneofKind).toBe('session');
  const events = await rowsOf<{ kind: string }>(
    'select kind, detail from access_events where user_id = $1 order by id',
    user.id,
  );
  expect(events).toEqual([
    { kind: 'LINK_CREATED', detail: 'invitation' },
    { kind: 'LINK_ACCEPTED', detail: 'invitation' },
    { kind: 'SIGNED_IN', detail: 'one-time link' },
    { kind: 'SIGNED_IN', detail: 'password' },
  ]);
});

test('of fifty who use a link at one time exactly one gets in', async () => {
  const { user } = await createRecord();
  const secret = secretIn(await invite(user.id));
  const browsers = Array.from({ length: 50 }, () => openBrowser(app));
  const outcomes = await Promise.allSettled(browsers.map((browser) => accept(browser, secret)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(browsers.filter(({ cookies }) => cookies.size > 0)).toHaveLength(1);
  expect(await rowsOf('select from sessions where user_id = $1 and ended_at is null', user.id)).toHaveLength(1);
});

test('a recovery takes away the password, the passkeys, the provider and the sessions of a person who has lost them', async () => {
  const person = await createPasswordPerson(app.database);
  const { user } = person;
  const authenticator = createAuthenticator({ origin: 'https://roster.example' });
  await registerPasskey(browserOf(person), authenticator);
  const linked = `insert into federated_identities values ('https://id.example', $1::text, $1::uuid, now(), 'https://id.example/')`;
  await rowsOf(linked, user.id);
  const link = await invite(user.id);
  expect(link.purpose).toBe(LinkPurpose.RECOVERY);
  // Until it is used, the person comes in as before.
  expect((await signInWith(openBrowser(app), user.email)).result.oneofKind).toBe('secondFactor');
  const browser = openBrowser(app);
  await accept(browser, secretIn(link));
  expect(await sessionOf(browser)).toMatchObject({ passkeyCount: 0, hasPassword: true });
  expect(await rowsOf('select from federated_identities where user_id = $1', user.id)).toEqual([]);
  expect(await failureOf(sessionOf(browserOf(person)))).toMatchObject({ reason: 'NOT_SIGNED_IN' });
  expect(await failureOf(signInWith(openBrowser(app), user.email))).toMatchObject({ reason: 'SIGN_IN_FAILED' });
});

test('a recovery ends the tokens of its person with their streams, in the order of the feed, and those of nobody else', async () => {
  const { user } = await createPasswordPerson(app.database, { role: EDITOR });
  const other = await createPerson(app.database, { role: EDITOR });
  const [lost, alsoLost] = [await tokenOf(user.id), await tokenOf(user.id)];
  const kept = await tokenOf(other.user.id);
  const secret = secretIn(await invite(user.id));
  const [dying, staying] = [lost, kept].map((token) => watch(new UserServiceClient(transportOfProgram(token, app))));
  await Promise.all([dying?.first('end'), staying?.first('end')]);
  await accept(openBrowser(app), secret);
  const late = await createPerson(app.database);
  expect(await dying?.ended).toBe('UNAUTHENTICATED');
  expect(dying?.rows.has(late.user.id)).toBe(false);
  await staying?.until(() => staying.rows.has(late.user.id));
  for (const token of [lost, alsoLost]) {
    const call = new UserServiceClient(transportOfProgram(token, app)).getUser({ id: user.id });
    expect(await failureOf(call)).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'NOT_SIGNED_IN' });
  }
  const events = await rowsOf(
    `select kind, detail from access_events where user_id = $1 and kind <> 'LINK_CREATED' order by id`,
    user.id,
  );
  expect(events).toEqual([
    { kind: 'LINK_ACCEPTED', detail: 'recovery' },
    { kind: 'TOKEN_REVOKED', detail: 'all 2, by a recovery' },
    { kind: 'SIGNED_IN', detail: 'one-time link' },
  ]);
});

test('a token that is being made while its person recovers is not made', async () => {
  const thief = await createPasswordPerson(app.database, { role: EDITOR });
  const secret = secretIn(await invite(thief.user.id));
  const { database } = await openTestDatabase({ url: app.databaseUrl });
  let made: PromiseLike<unknown> = Promise.resolve();
  await database.transaction(undefined, async (connection) => {
    await renewCredentials(connection, { address: '', requestId: '' }, { secret, passwordHash: '', name: '' });
    made = new TokenServiceClient(browserOf(thief).transport).createToken(aToken).response;
    await untilSomebodyWaits(connection);
  });
  expect(await failureOf(made)).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'NOT_SIGNED_IN' });
  expect(await rowsOf('select from api_tokens where owner_id = $1', thief.user.id)).toEqual([]);
});

test('a password that cannot be used leaves the link good', async () => {
  const { user } = await createRecord({ name: 'Grace Hopper' });
  const secret = secretIn(await invite(user.id));
  for (const password of ['', 'short', 'GraceHopper-1906', '123456789012345']) {
    expect(await failureOf(accept(openBrowser(app), secret, password))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      fields: ['password'],
    });
  }
  await accept(openBrowser(app), secret);
  expect(await failureOf(accept(openBrowser(app), secret))).toMatchObject(linkInvalid);
});

test('a later link of a person ends the earlier one, and a new password ends all', async () => {
  const { user } = await createRecord();
  const [first, second] = [secretIn(await invite(user.id)), secretIn(await invite(user.id))];
  expect(await failureOf(accept(openBrowser(app), first))).toMatchObject(linkInvalid);
  const browser = openBrowser(app);
  await accept(browser, second);
  const third = secretIn(await invite(user.id));
  await credentials(browser).changePassword({ password: 'yet another pass phrase' });
  expect(await failureOf(accept(openBrowser(app), third))).toMatchObject(linkInvalid);
});

test.each<readonly [string, (person: TestPerson) => PromiseLike<unknown>]>([
  [
    'has expired',
    ({ user }) => rowsOf(`update one_time_links set expires_at = now() - interval '1 s' where user_id = $1`, user.id),
  ],
  [
    'is of somebody suspended since',
    ({ user }) => change(user.id, { user: { state: UserState.SUSPENDED }, updateMask: { paths: ['state'] } }),
  ],
  [
    'is of somebody deleted since',
    ({ user }) => app.client.deleteUser({ id: user.id, baseRevision: 0, requestId: '', confirmSelf: false }),
  ],
  [
    'was sent to an address that is no longer theirs',
    ({ user }) => change(user.id, { user: { email: `new.${user.email}` }, updateMask: { paths: ['email'] } }),
  ],
])('a link that %s lets nobody in', async (_what, spoil) => {
  const person = await createRecord();
  const secret = secretIn(await invite(person.user.id));
  await spoil(person);
  expect(await failureOf(credentials(openBrowser(app)).openLink({ secret }))).toMatchObject(linkInvalid);
  const browser = openBrowser(app);
  expect(await failureOf(accept(browser, secret))).toMatchObject(linkInvalid);
  expect(browser.setCookies).toEqual([]);
});

/** Who makes a link: somebody in their browser, or their program. */
interface Maker {
  readonly person: TestPerson;
  readonly token: { readonly id: string; readonly text: string };
}

async function createMaker(role = ADMIN): Promise<Maker> {
  const person = await createPerson(app.database, { role });
  const { text, id } = await createTestToken(app.database, { role, ownerId: person.user.id });
  return { person, token: { text, id } };
}

const suspend = ({ person: { user } }: Maker) =>
  change(user.id, { user: { state: UserState.SUSPENDED }, updateMask: { paths: ['state'] } });
const giveRole = ({ person: { user } }: Maker, role: UserRole) =>
  change(user.id, { user: { role }, updateMask: { paths: ['role'] } });
const byPerson = ({ person }: Maker) => browserOf(person);
const byProgram = ({ token }: Maker) => ({ transport: transportOfProgram(token, app) });
const deleteMaker = ({ person }: Maker) =>
  app.client.deleteUser({ id: person.user.id, baseRevision: 0, requestId: '', confirmSelf: false });
const revokeToken = ({ token: { id } }: Maker) =>
  app.database.transaction(undefined, (connection) => revoke(connection, { tokenId: id }));
const letExpire = ({ token: { id } }: Maker) =>
  rowsOf(`update api_tokens set expires_at = now() - interval '1 ms' where id = $1`, id);

test.each<readonly [string, typeof byPerson | typeof byProgram, (maker: Maker) => PromiseLike<unknown>]>([
  ['whose maker was suspended since', byPerson, suspend],
  ['whose maker was deleted since', byPerson, deleteMaker],
  ['whose maker was demoted since', byPerson, (maker) => giveRole(maker, EDITOR)],
  ['of a program whose owner was suspended since', byProgram, suspend],
  ['of a program whose owner was demoted since', byProgram, (maker) => giveRole(maker, EDITOR)],
  ['of a program whose token was revoked since', byProgram, revokeToken],
  ['of a program whose token has expired since', byProgram, letExpire],
])('a link %s lets nobody in', async (_what, by, spoil) => {
  await createPerson(app.database, { role: ADMIN });
  const maker = await createMaker();
  const { user } = await createRecord();
  const secret = secretIn(await invite(user.id, '', by(maker)));
  await credentials(openBrowser(app)).openLink({ secret });
  await spoil(maker);
  expect(await failureOf(credentials(openBrowser(app)).openLink({ secret }))).toMatchObject(linkInvalid);
  const browser = openBrowser(app);
  expect(await failureOf(accept(browser, secret))).toMatchObject(linkInvalid);
  expect(browser.setCookies).toEqual([]);
});

test.each<readonly [string, (maker: Maker) => PromiseLike<unknown>]>([
  ['has more rights now', (maker) => giveRole(maker, ADMIN)],
  ['has signed out', ({ person }) => new SessionServiceClient(browserOf(person).transport).signOut({})],
  ['has lost a token that did not make it', revokeToken],
])('a link stays good whose maker %s', async (_what, happen) => {
  const maker = await createMaker(EDITOR);
  const { user } = await createRecord();
  const secret = secretIn(await invite(user.id, '', byPerson(maker)));
  await happen(maker);
  expect((await accept(openBrowser(app), secret)).session).toBeDefined();
});

test('a link that the host has made stands on nobody', async () => {
  const { user } = await createPasswordPerson(app.database, { role: ADMIN });
  const path = await recoverAdmin(app.database, ['--email', user.email]);
  expect((await accept(openBrowser(app), secretIn({ path }))).session).toBeDefined();
});

test("a program's link says that it expires when its token does", async () => {
  const maker = await createMaker();
  const { user } = await createRecord();
  const link = await invite(user.id, '', byProgram(maker));
  const [token] = await rowsOf<{ expires_at: number }>(
    'select expires_at from api_tokens where id = $1',
    maker.token.id,
  );
  expect(link.expiresAt && Timestamp.toDate(link.expiresAt).getTime()).toBe(token?.expires_at);
});

test("an editor's link dies when its person becomes an admin", async () => {
  const editor = await createPerson(app.database, { role: EDITOR });
  const { user } = await createRecord();
  const secret = secretIn(await invite(user.id, '', browserOf(editor)));
  await change(user.id, { user: { role: ADMIN }, updateMask: { paths: ['role'] } });
  expect(await failureOf(accept(openBrowser(app), secret))).toMatchObject(linkInvalid);
});

test('a link is for one person: nothing in the request says for whom', async () => {
  const [one, two] = [await createRecord(), await createRecord()];
  const secret = secretIn(await invite(one.user.id));
  const browser = openBrowser(app);
  const request = { secret, name: two.user.name, email: two.user.email, password: newPassword };
  await credentials(browser).acceptLink(request);
  expect((await sessionOf(browser)).user?.id).toBe(one.user.id);
});

test.each([
  [ADMIN, ADMIN, undefined],
  [ADMIN, EDITOR, undefined],
  [ADMIN, VIEWER, undefined],
  [EDITOR, ADMIN, 'TARGET_ABOVE_ROLE'],
  [EDITOR, EDITOR, undefined],
  [EDITOR, VIEWER, undefined],
  [VIEWER, VIEWER, 'ROLE_TOO_LOW'],
])('role %i makes a link for role %i, or is refused for %s', async (role, targetRole, reason) => {
  const maker = await createPerson(app.database, { role });
  const { user } = await createRecord({ role: targetRole });
  const made = invite(user.id, '', browserOf(maker));
  if (reason === undefined) expect((await made).path).toContain('/accept#');
  else expect(await failureOf(made)).toMatchObject({ code: 'PERMISSION_DENIED', reason });
  expect(await rowsOf('select from one_time_links where user_id = $1', user.id)).toHaveLength(
    reason === undefined ? 1 : 0,
  );
});

test('38. making a link asks for a fresh sign-in', async () => {
  const maker = await createPerson(app.database, { role: ADMIN, isFresh: false });
  const { user } = await createRecord();
  expect(await failureOf(invite(user.id, '', browserOf(maker)))).toMatchObject({ reason: 'FRESH_SIGN_IN_REQUIRED' });
});

test('no link is made for who may not enter, or does not exist', async () => {
  const suspended = await createRecord({ state: UserState.SUSPENDED });
  expect(await failed(credentials(app).createLink({ userId: suspended.user.id, requestId: '' }))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    preconditions: ['USER_NOT_ACTIVE'],
    subjects: [suspended.user.id],
  });
  const deleted = await createRecord();
  await app.client.deleteUser({ id: deleted.user.id, baseRevision: 0, requestId: '', confirmSelf: false });
  for (const id of [deleted.user.id, crypto.randomUUID()]) {
    expect(await failureOf(invite(id))).toMatchObject({ code: 'NOT_FOUND', fields: ['user_id'] });
  }
  for (const id of ['', 'x'])
    expect(await failureOf(invite(id))).toMatchObject({ code: 'INVALID_ARGUMENT', fields: ['user_id'] });
  const { user } = await createRecord();
  expect(await failureOf(invite(user.id, 'x'))).toMatchObject({ code: 'INVALID_ARGUMENT', fields: ['request_id'] });
});

test('a repeated call gives the link that was made first, and only to who made it', async () => {
  const { user } = await createRecord();
  const requestId = crypto.randomUUID();
  const answers = await Promise.all([
    invite(user.id, requestId),
    invite(user.id, requestId.toUpperCase()),
    invite(user.id, requestId),
  ]);
  expect(new Set(answers.map(({ path }) => path)).size).toBe(1);
  expect(await invite(user.id, requestId)).toEqual(answers[0]);
  const other = await createPerson(app.database, { role: ADMIN });
  const theirs = await invite((await createRecord()).user.id, requestId, browserOf(other));
  expect(theirs.path).not.toBe(answers[0]?.path);
  expect(await failureOf(invite((await createRecord()).user.id, requestId))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    reason: 'REQUEST_ID_REUSED',
  });
  await accept(openBrowser(app), secretIn(answers[0] ?? { path: '' }));
  expect((await signInWith(openBrowser(app), user.email, newPassword)).result.oneofKind).toBe('session');
  // Used, it is still the answer of that call, and worth nothing.
  expect(await failureOf(accept(openBrowser(app), secretIn(await invite(user.id, requestId))))).toMatchObject(
    linkInvalid,
  );
});

test('36. the secret of a link that can be asked for again is kept nowhere, and neither is the request id it is made of', async () => {
  const { user } = await createRecord();
  const requestId = crypto.randomUUID();
  const secret = secretIn(await invite(user.id, requestId));
  const text = await storeText(app.database);
  expect(text).toContain(user.email);
  expect(text).not.toContain(secret);
  expect(text).not.toContain(requestId);
});

test('a program invites, and makes no link that takes away what somebody signs in with; a person does', async () => {
  const [invited, other] = [await createRecord(), await createPasswordPerson(app.database)];
  const { user: owner } = await createPerson(app.database, { role: ADMIN });
  for (const rights of [{}, { ownerId: owner.id }]) {
    const program = { transport: transportOfProgram(await createTestToken(app.database, rights), app) };
    expect((await invite(invited.user.id, '', program)).purpose).toBe(LinkPurpose.INVITATION);
    expect(await failureOf(invite(other.user.id, '', program))).toMatchObject({
      code: 'PERMISSION_DENIED',
      reason: 'RECOVERY_NEEDS_PERSON',
    });
    expect(await rowsOf('select from one_time_links where user_id = $1', other.user.id)).toEqual([]);
  }
  expect((await invite(other.user.id)).purpose).toBe(LinkPurpose.RECOVERY);
});

test('a token for users alone makes no links', async () => {
  const token = await createTestToken(app.database, { scopes: ['users.read', 'users.write'] });
  const { user } = await createRecord();
  const call = credentials(app).createLink(
    { userId: user.id, requestId: '' },
    { meta: { authorization: `Bearer ${token.text}` } },
  );
  expect(await failureOf(call)).toMatchObject({ reason: 'SCOPE_MISSING' });
});

test('whoever has just let themselves in by a link is not slowed by guesses of others', async () => {
  const { user } = await createPasswordPerson(app.database);
  for (let guess = 0; guess < 5; guess += 1)
    await failureOf(signInWith(openBrowser(app), user.email, 'wrong', from('192.0.2.77')));
  await accept(openBrowser(app), secretIn(await invite(user.id)));
  const browser = openBrowser(app);
  expect((await signInWith(browser, user.email, newPassword, from('192.0.2.78'))).result.oneofKind).toBe('session');
  expect(await failureOf(signInWith(openBrowser(app), user.email, goodPassword))).toMatchObject({
    reason: 'SIGN_IN_FAILED',
  });
});
