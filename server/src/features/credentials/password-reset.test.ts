import { createServer } from 'node:net';
import { emailKey } from '@roster/proto/fold';
import { AcceptLinkRequest, LinkPurpose } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import { SessionServiceClient } from '@roster/proto/gen/roster/sessions/v1/session_service.client';
import { UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createAuthenticator } from '../../identity/testing/authenticator.ts';
import { registerPasskey } from '../../identity/testing/register-passkey.ts';
import { type CaughtMail, type MailCatcher, openMailCatcher } from '../../mail/testing/mail-catcher.ts';
import { failureOf } from '../../rpc/read-failure.ts';
import { createPasswordPerson, from, goodPassword, signInWith } from '../../testing/password-people.ts';
import { openTestApp, startTestApp, type TestApp } from '../../testing/test-app.ts';
import { openBrowser, type TestBrowser } from '../../testing/test-browser.ts';
import { openTestDatabase } from '../../testing/test-database.ts';
import { createPerson } from '../../testing/test-people.ts';
import { untilSomebodyWaits } from '../../testing/until-somebody-waits.ts';

let catcher: MailCatcher;
let app: TestApp & { close(): Promise<void> };
beforeAll(async () => {
  catcher = await openMailCatcher();
  app = await openTestApp({ mail: mailBy(catcher.url) });
});
afterAll(async () => {
  await app.close();
  await catcher.close();
});

function mailBy(smtpUrl: string) {
  return { smtpUrl, from: 'roster@roster.example', publicUrl: 'https://roster.example' };
}

const newPassword = 'a whole new pass phrase';
const credentials = ({ transport }: Pick<TestBrowser, 'transport'>) => new CredentialServiceClient(transport);
const ask = (email: string, address = '192.0.2.1', browser = openBrowser(app)) =>
  credentials(browser).requestPasswordReset({ email }, from(address)).response;
const secretIn = ({ text }: CaughtMail) => /\/accept#([\w-]{43})/.exec(text)?.[1] ?? '';
const accept = (browser: TestBrowser, secret: string) =>
  credentials(browser).acceptLink(AcceptLinkRequest.create({ secret, password: newPassword })).response;

/** Waits for a mail to somebody, the first one unless told otherwise. */
async function mailTo(email: string, count = 1): Promise<CaughtMail> {
  const mails = () => catcher.mails.filter(({ to }) => to.some((each) => emailKey(each) === emailKey(email)));
  await expect.poll(() => mails().length).toBeGreaterThanOrEqual(count);
  const mail = mails()[count - 1];
  if (!mail) throw new Error('There is no such mail.');
  return mail;
}

let addresses = 0;
const newAddress = () => {
  addresses += 1;
  return `198.51.100.${addresses}`;
};

test('who has lost their password gets a link at the stored address, and sets a new one', async () => {
  const person = await createPasswordPerson(app.database, { email: 'Ada@People.example' });
  await ask(' ADA@people.example ', newAddress());
  const mail = await mailTo('ada@people.example');
  // As it is stored, though mail servers do not mind.
  expect(mail.headers.get('to')).toBe('Ada@people.example');
  const browser = openBrowser(app);
  const link = await credentials(browser).openLink({ secret: secretIn(mail) }).response;
  expect(link).toMatchObject({ purpose: LinkPurpose.PASSWORD_RESET, email: 'Ada@People.example' });
  await accept(browser, secretIn(mail));
  const { user } = await new SessionServiceClient(browser.transport).getSession({}).response;
  expect(user?.id).toBe(person.user.id);
  expect(await failureOf(signInWith(openBrowser(app), 'ada@people.example', goodPassword))).toMatchObject({
    reason: 'SIGN_IN_FAILED',
  });
  const old = openBrowser(app, { cookie: person.cookie });
  expect(await failureOf(new SessionServiceClient(old.transport).getSession({}))).toMatchObject({
    reason: 'NOT_SIGNED_IN',
  });
});

test('who keeps passkeys after a reset is asked for one: their mail alone does not sign in', async () => {
  const person = await createPasswordPerson(app.database);
  const authenticator = createAuthenticator({ origin: 'https://roster.example' });
  await registerPasskey(openBrowser(app, { cookie: person.cookie }), authenticator);
  await ask(person.user.email, newAddress());
  const browser = openBrowser(app);
  const { session } = await accept(browser, secretIn(await mailTo(person.user.email)));
  expect(session).toBeUndefined();
  expect(browser.setCookies).toEqual([]);
  expect((await signInWith(browser, person.user.email, newPassword)).result.oneofKind).toBe('secondFactor');
});

test('34. the answer is the same for everybody, and nobody else gets a mail', async () => {
  const other = await openTestApp({ mail: mailBy(catcher.url) });
  const record = await createPerson(other.database, { canSignIn: false });
  const suspended = await createPasswordPerson(other.database, { state: UserState.SUSPENDED });
  const deleted = await createPasswordPerson(other.database);
  const known = await createPasswordPerson(other.database);
  await other.client.deleteUser({ id: deleted.user.id, baseRevision: 0, requestId: '', confirmSelf: false });
  const strangers = [record.user.email, suspended.user.email, deleted.user.email, 'nobody@people.example'];
  const before = catcher.mails.length;
  const browser = openBrowser(other);
  for (const email of [...strangers, known.user.email]) {
    expect(await ask(email, newAddress(), browser)).toEqual({});
  }
  // A server that has stopped has nothing more on its way.
  await other.close();
  expect(catcher.mails.slice(before).map(({ to }) => to)).toEqual([[known.user.email]]);
});

test.each([
  ['nothing', ''],
  ['spaces', '   '],
  ['a name', 'ada'],
  ['half an address', 'ada@'],
  ['a NUL', 'a\0b@people.example'],
  ['more than an address', 'ada@people.example; drop'],
  ['more than any address', 'x'.repeat(50_000)],
])('%s is refused by its field, and counts as no attempt', async (_what, email) => {
  const address = newAddress();
  for (let time = 0; time < 16; time += 1)
    expect(await failureOf(ask(email, address))).toMatchObject({ code: 'INVALID_ARGUMENT', fields: ['email'] });
  await ask(`nobody.at${address}@people.example`, address);
});

test.each([
  ['gets another address', `email = 'new.' || email, email_unique = 'new.' || email_unique`],
  ['is suspended', 'state = 2'],
  ['is deleted', 'deleted_at = now()'],
])('who %s while a mail is asked for gets none, neither there nor at the old address', async (_what, change) => {
  const other = await openTestApp({ mail: mailBy(catcher.url) });
  const { user } = await createPasswordPerson(other.database);
  const { database } = await openTestDatabase({ url: other.databaseUrl });
  const before = catcher.mails.length;
  await database.transaction(undefined, async (connection) => {
    await connection.query(`update users set ${change} where id = $1`, [user.id]);
    await ask(user.email, newAddress(), openBrowser(other));
    await untilSomebodyWaits(connection);
  });
  await other.close();
  expect(catcher.mails.slice(before)).toEqual([]);
  const links = await database.run(undefined, (connection) => connection.query('select from one_time_links'));
  expect(links).toEqual([]);
});

test('a mail goes to the address as it is once the person is locked, with their role of then', async () => {
  const { user } = await createPasswordPerson(app.database, { role: UserRole.EDITOR });
  const { database } = await openTestDatabase({ url: app.databaseUrl });
  await database.transaction(undefined, async (connection) => {
    await connection.query('update users set email = upper(email), name = $2, role = $3 where id = $1', [
      user.id,
      'Renamed',
      UserRole.VIEWER,
    ]);
    await ask(user.email, newAddress());
    await untilSomebodyWaits(connection);
  });
  const mail = await mailTo(user.email);
  expect(mail.headers.get('to')).toContain(user.email.split('@')[0]?.toUpperCase());
  expect((await accept(openBrowser(app), secretIn(mail))).session).toBeDefined();
});

test('34. the answer does not wait for what is done: a mail server that hangs holds nobody up', async () => {
  const silent = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const reached = new Promise<void>((resolve) =>
    silent.once('connection', (socket) => {
      onTestFinished(() => void socket.destroy());
      resolve();
    }),
  );
  onTestFinished(() => void silent.close());
  const slow = await startTestApp({ mail: mailBy(`smtp://127.0.0.1:${port}`) });
  const { user } = await createPasswordPerson(slow.database);
  const call = credentials(openBrowser(slow)).requestPasswordReset({ email: user.email }, { timeout: 5000 });
  expect(await call.response).toEqual({});
  await reached;
});

test('35. mails cost a wait from the fourth on, for each address they would go to, known or not, and each they are asked from', async () => {
  const { user } = await createPasswordPerson(app.database);
  const refusals = async (emails: () => string, address: () => string) => {
    for (let count = 0; count < 40; count += 1) {
      const failure = await ask(emails(), address()).then(
        () => undefined,
        (error) => failureOf(Promise.reject(error)),
      );
      if (!failure) continue;
      expect(failure).toMatchObject({ code: 'RESOURCE_EXHAUSTED', reason: 'TOO_MANY_ATTEMPTS', hasRetryDelay: true });
      return count;
    }
    return Number.POSITIVE_INFINITY;
  };
  expect(await refusals(() => user.email, newAddress)).toBeLessThanOrEqual(6);
  expect(await refusals(() => 'nobody-here@people.example', newAddress)).toBeLessThanOrEqual(6);
  expect(
    await refusals(
      () => `${crypto.randomUUID()}@people.example`,
      () => '192.0.2.200',
    ),
  ).toBeLessThanOrEqual(18);
});

test('an invitation outlives that somebody asks for a new password; only the next reset replaces a reset', async () => {
  const person = await createPasswordPerson(app.database);
  const admin = openBrowser(app, { cookie: (await createPerson(app.database, { role: UserRole.ADMIN })).cookie });
  const { path } = await credentials(admin).createLink({ userId: person.user.id, requestId: '' }).response;
  expect((await mailTo(person.user.email)).text).toContain(path);
  await ask(person.user.email, newAddress());
  const first = await mailTo(person.user.email, 2);
  await ask(person.user.email, newAddress());
  const second = await mailTo(person.user.email, 3);
  const purposeOf = async (secret: string) =>
    (await credentials(openBrowser(app)).openLink({ secret }).response).purpose;
  expect(await purposeOf(path.split('#')[1] ?? '')).toBe(LinkPurpose.RECOVERY);
  expect(await failureOf(purposeOf(secretIn(first)))).toMatchObject({ reason: 'LINK_INVALID' });
  expect(await purposeOf(secretIn(second))).toBe(LinkPurpose.PASSWORD_RESET);
});

test('an invitation is mailed too, and says to which address', async () => {
  const { user } = await createPerson(app.database, { canSignIn: false });
  const link = await credentials(app).createLink({ userId: user.id, requestId: '' }).response;
  expect(link.mailedTo).toBe(user.email);
  const mail = await mailTo(user.email);
  expect(mail.text).toContain(`https://roster.example${link.path}`);
});

test('a link is made also where its mail is not taken, and the answer says that none was sent', async () => {
  const refusing = await openMailCatcher({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    logger: false,
    onRcptTo: (_address, _session, callback) => callback(new Error('no such box')),
  });
  onTestFinished(() => refusing.close());
  const other = await startTestApp({ mail: mailBy(refusing.url) });
  const { user } = await createPerson(other.database, { canSignIn: false });
  const link = await credentials(other).createLink({ userId: user.id, requestId: '' }).response;
  expect(link).toMatchObject({ mailedTo: '', path: expect.stringContaining('/accept#') });
});

test('without a mail server nobody can ask for a mail, and the sign-in page knows', async () => {
  const silent = await startTestApp();
  const { user } = await createPasswordPerson(silent.database);
  const browser = openBrowser(silent);
  const sessions = new SessionServiceClient(browser.transport);
  for (const email of [user.email, 'nobody@people.example']) {
    expect(await failureOf(credentials(browser).requestPasswordReset({ email }))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'MAIL_NOT_CONFIGURED',
    });
  }
  expect((await sessions.getSignInOptions({}).response).sendsMail).toBe(false);
  expect((await new SessionServiceClient(openBrowser(app).transport).getSignInOptions({}).response).sendsMail).toBe(
    true,
  );
});
