import { LinkPurpose } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { SignInMethod } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { SessionServiceClient } from '@roster/proto/gen/roster/sessions/v1/session_service.client';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { createLink, hostMaker } from '../../identity/link-store.ts';
import {
  createVisitor,
  openOidcProvider,
  type ProviderVisitor,
  type TestProvider,
} from '../../identity/testing/oidc-provider.ts';
import { createTestToken, openTestApp, startTestApp, type TestApp } from '../../testing/test-app.ts';
import { openBrowser, type TestBrowser } from '../../testing/test-browser.ts';
import { createPerson, type TestPerson, transportOfProgram } from '../../testing/test-people.ts';
import { failed } from '../users/testing/call-failure.ts';

const origin = 'https://roster.example';
const refused = {
  code: 'UNAUTHENTICATED',
  reason: 'SIGN_IN_FAILED',
  message:
    'The sign-in at the provider was not accepted: it was cancelled, came too late, is somebody else’s, or its person may not sign in.',
};

interface Browser extends TestBrowser {
  readonly client: SessionServiceClient;
  /** The same browser, at the provider. */
  readonly visitor: ProviderVisitor;
  begin(request?: BeginRequest): Promise<string>;
  finish(query: string): ReturnType<typeof finish>;
  /** All of it, as `subject`. */
  signIn(subject: string, request?: BeginRequest): ReturnType<typeof finish>;
}

interface BeginRequest {
  readonly returnPath?: string;
  readonly linkSecret?: string;
  readonly confirms?: boolean;
}

function finish(client: SessionServiceClient, query: string) {
  return client.finishOidcSignIn({ query }).response;
}

let provider: TestProvider;
let app: TestApp & { close(): Promise<void> };
beforeAll(async () => {
  provider = await openOidcProvider({ origin });
  app = await openTestApp({ oidc: provider.settings });
});
afterAll(async () => {
  await app.close();
  await provider.close();
});
beforeEach(() => query('delete from federated_identities'));
beforeEach(() => query('delete from challenges'));

function open(cookie?: string, at: TestApp = app): Browser {
  const browser = openBrowser(at, cookie === undefined ? {} : { cookie });
  const client = new SessionServiceClient(browser.transport);
  const visitor = createVisitor({ origin });
  const begin = async ({ returnPath = '/users', linkSecret = '', confirms = false }: BeginRequest = {}) =>
    (await client.beginOidcSignIn({ returnPath, linkSecret, confirms }).response).authorizationUrl;
  return {
    ...browser,
    client,
    visitor,
    begin,
    finish: (text) => finish(client, text),
    signIn: async (subject, request) => finish(client, await visitor.signIn(await begin(request), subject)),
  };
}

function query<Row extends object>(text: string, ...parameters: readonly unknown[]): Promise<Row[]> {
  return app.database.run(undefined, (connection) => connection.query<Row>(text, parameters));
}

/** Makes a person who signs in at the provider as `subject`. */
async function createLinked(subject: string, issuer = provider.settings.issuer.origin): Promise<TestPerson> {
  const person = await createPerson(app.database, { canSignIn: false });
  await query(
    'insert into federated_identities (issuer, subject, user_id, linked_at, provider) values ($1, $2, $3, now(), $4)',
    issuer,
    subject,
    person.user.id,
    new URL(issuer).href,
  );
  return person;
}

function invite({ user }: TestPerson, purpose = LinkPurpose.INVITATION): Promise<string> {
  return app.database.transaction(undefined, async (connection) => {
    const { secret } = await createLink(connection, { purpose, userId: user.id, maker: hostMaker });
    return secret;
  });
}

function sessionsOf({ user }: TestPerson) {
  return query<{ id: string; method: number }>(
    'select id, method from sessions where user_id = $1 and ended_at is null',
    user.id,
  );
}

function linksOf({ user }: TestPerson) {
  return query<{ subject: string }>('select subject from federated_identities where user_id = $1', user.id);
}

test('whoever is linked signs in at the provider, and comes back to the page that they asked for', async () => {
  const person = await createLinked('ada');
  const browser = open();
  const { oidcName } = await browser.client.getSignInOptions({}).response;
  expect(oidcName).toBe('The directory');
  const { session, returnPath } = await browser.signIn('ada', { returnPath: '/users?filter=role%3DADMIN#top' });
  expect(returnPath).toBe('/users?filter=role%3DADMIN#top');
  expect(session).toMatchObject({ method: SignInMethod.OIDC, isCurrent: true });
  const { user } = await new UserServiceClient(browser.transport).getUser({ id: person.user.id }).response;
  expect(user?.name).toBe(person.user.name);
  const events = await query('select kind, detail from access_events where session_id = $1', session?.id);
  expect(events).toEqual([{ kind: 'SIGNED_IN', detail: 'OpenID' }]);
});

test('the provider is asked by code flow with PKCE, state and nonce, and sent back to the page that asked', async () => {
  const browser = open();
  const { searchParams } = new URL(await browser.begin());
  expect(Object.fromEntries(searchParams)).toEqual({
    client_id: 'roster',
    response_type: 'code',
    redirect_uri: `${origin}/oidc`,
    scope: 'openid',
    state: expect.stringMatching(/^[0-9a-f-]{36}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: 'S256',
  });
  expect(browser.setCookies).toEqual([
    expect.stringMatching(
      /^__Host-roster-oidc-[0-9a-f]{8}=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=900$/,
    ),
  ]);
  const kept = await query('select challenges::text as row from challenges');
  for (const secret of [searchParams.get('nonce') ?? '', ...browser.cookies.values()]) {
    expect(JSON.stringify(kept)).not.toContain(secret);
  }
});

test('two tabs of one browser sign in side by side', async () => {
  await createLinked('ada');
  const browser = open();
  const [one, two] = [await browser.begin({ returnPath: '/one' }), await browser.begin({ returnPath: '/two' })];
  const [first, second] = [await browser.visitor.signIn(one, 'ada'), await browser.visitor.signIn(two, 'ada')];
  expect((await browser.finish(second)).returnPath).toBe('/two');
  expect((await browser.finish(first)).returnPath).toBe('/one');
});

test('nobody else can end what a browser has begun, nor spoil it', async () => {
  const person = await createLinked('ada');
  const [browser, thief] = [open(), open()];
  const answer = await browser.visitor.signIn(await browser.begin(), 'ada');
  expect(await failed(thief.finish(answer))).toMatchObject(refused);
  await thief.begin();
  expect(await failed(thief.finish(answer))).toMatchObject(refused);
  const { session } = await browser.finish(answer);
  expect((await sessionsOf(person)).map(({ id }) => id)).toContain(session?.id);
});

test("a code that somebody else got is worth nothing in one's own answer", async () => {
  await createLinked('ada');
  const [victim, thief] = [open(), open()];
  const stolen = new URLSearchParams(await victim.visitor.signIn(await victim.begin(), 'ada'));
  const own = new URLSearchParams(await thief.visitor.signIn(await thief.begin(), 'eve'));
  own.set('code', stolen.get('code') ?? '');
  expect(await failed(thief.finish(own.toString()))).toMatchObject(refused);
});

test('an answer is good once: of ten at one time one signs in', async () => {
  await createLinked('ada');
  const browser = open();
  const answer = await browser.visitor.signIn(await browser.begin(), 'ada');
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => browser.finish(answer)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await failed(browser.finish(answer))).toMatchObject(refused);
});

test('a code is redeemed once, also where its first answer is forgotten', async () => {
  await createLinked('ada');
  const browser = open();
  const answer = await browser.visitor.signIn(await browser.begin(), 'ada');
  const [challenge] = await query<{ row: string }>('select challenges::text as row from challenges');
  await browser.finish(answer);
  await query('insert into challenges select ($1::challenges).*', challenge?.row);
  expect(await failed(browser.finish(answer))).toMatchObject(refused);
});

test('answers that are made up, changed, late or given up sign nobody in', async () => {
  const person = await createLinked('ada');
  const browser = open();
  const changes: readonly ((answer: URLSearchParams) => void)[] = [
    (answer) => answer.set('state', crypto.randomUUID()),
    (answer) => answer.set('state', 'no id'),
    (answer) => answer.delete('state'),
    (answer) => answer.append('state', crypto.randomUUID()),
    (answer) => answer.set('iss', 'https://evil.example'),
    (answer) => answer.delete('iss'),
    (answer) => answer.set('code', 'made-up'),
    (answer) => answer.delete('code'),
    (answer) => answer.set('error', 'access_denied'),
  ];
  for (const change of changes) {
    const answer = new URLSearchParams(await browser.visitor.signIn(await browser.begin(), 'ada'));
    change(answer);
    expect(await failed(browser.finish(answer.toString())), answer.toString()).toMatchObject(refused);
  }
  const late = await browser.visitor.signIn(await browser.begin(), 'ada');
  await query(`update challenges set expires_at = now() - interval '1 ms'`);
  expect(await failed(browser.finish(late))).toMatchObject(refused);

  const fresh = open();
  const givenUp = await fresh.visitor.abort(await fresh.begin());
  expect(givenUp).toContain('error=access_denied');
  expect(await failed(fresh.finish(givenUp))).toMatchObject(refused);
  for (const text of ['', '%', '&&&', 'state=%00', `state=${'x'.repeat(100_000)}`]) {
    expect(await failed(browser.finish(text))).toMatchObject(refused);
  }
  expect(await sessionsOf(person)).toEqual([{ id: person.sessionId, method: SignInMethod.PASSWORD }]);
});

test('whoever is not invited stays outside, also under an email address that is in the list', async () => {
  const person = await createPerson(app.database);
  const browser = open();
  expect(await failed(browser.signIn(person.user.email))).toMatchObject({
    code: 'PERMISSION_DENIED',
    reason: 'NOT_INVITED',
  });
  expect(await linksOf(person)).toEqual([]);
});

test('the same subject at another provider is somebody else', async () => {
  await createLinked('ada', 'https://other.example');
  expect(await failed(open().signIn('ada'))).toMatchObject({ reason: 'NOT_INVITED' });
});

test.for(['state = 2', 'deleted_at = now()'])('a linked person of whom %s does not get in', async (change) => {
  const person = await createLinked('ada');
  await query(`update users set ${change} where id = $1`, person.user.id);
  expect(await failed(open().signIn('ada'))).toMatchObject(refused);
});

test('an invitation is accepted at the provider: once, and from then on without it', async () => {
  const person = await createPerson(app.database, { canSignIn: false });
  const linkSecret = await invite(person);
  const browser = open();
  const { session } = await browser.signIn('ada', { linkSecret });
  expect(session?.method).toBe(SignInMethod.OIDC);
  expect(await sessionsOf(person)).toEqual([{ id: session?.id, method: SignInMethod.OIDC }]);
  expect(await linksOf(person)).toEqual([{ subject: 'ada' }]);
  const { href } = provider.settings.issuer;
  expect(await query('select provider from federated_identities')).toEqual([{ provider: href }]);
  expect(await query('select kind, detail from access_events where user_id = $1 order by id', person.user.id)).toEqual([
    { kind: 'LINK_ACCEPTED', detail: 'invitation' },
    { kind: 'OIDC_LINKED', detail: '' },
    { kind: 'SIGNED_IN', detail: 'OpenID' },
  ]);
  expect(await failed(open().begin({ linkSecret }))).toMatchObject({ reason: 'LINK_INVALID' });
  await open().signIn('ada');
});

test('the store holds no secret of a link that is being accepted', async () => {
  const linkSecret = await invite(await createPerson(app.database, { canSignIn: false }));
  await open().begin({ linkSecret });
  expect(JSON.stringify(await query('select challenges::text as row from challenges'))).not.toContain(linkSecret);
});

test('a link that was used or ended meanwhile links nobody', async () => {
  const person = await createPerson(app.database, { canSignIn: false });
  const linkSecret = await invite(person);
  const browser = open();
  const answer = await browser.visitor.signIn(await browser.begin({ linkSecret }), 'eve');
  await invite(person);
  expect(await failed(browser.finish(answer))).toMatchObject({ code: 'PERMISSION_DENIED', reason: 'LINK_INVALID' });
  expect(await linksOf(person)).toEqual([]);
});

test('a link is used by one of two who accept it at one time, and is good still where it signs nobody in', async () => {
  const person = await createPerson(app.database, { canSignIn: false });
  await createLinked('taken');
  const linkSecret = await invite(person);
  expect(await failed(open().signIn('taken', { linkSecret }))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    preconditions: ['IDENTITY_TAKEN'],
  });
  const answers = await Promise.all(
    ['ada', 'eve'].map(async (subject) => {
      const browser = open();
      const answer = await browser.visitor.signIn(await browser.begin({ linkSecret }), subject);
      return () => browser.finish(answer);
    }),
  );
  const outcomes = await Promise.allSettled(answers.map((answer) => answer()));
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await linksOf(person)).toHaveLength(1);
  expect(await sessionsOf(person)).toHaveLength(1);
});

test('a recovery takes away what the person has signed in with so far, their sessions and their tokens', async () => {
  const person = await createLinked('lost');
  const token = await createTestToken(app.database, { ownerId: person.user.id });
  await query(`insert into passwords (user_id, hash, changed_at) values ($1, '', now())`, person.user.id);
  const linkSecret = await invite(person, LinkPurpose.RECOVERY);
  const { session } = await open().signIn('found', { linkSecret });
  expect(await linksOf(person)).toEqual([{ subject: 'found' }]);
  expect(await query('select from passwords where user_id = $1', person.user.id)).toEqual([]);
  expect((await sessionsOf(person)).map(({ id }) => id)).toEqual([session?.id]);
  expect(await failed(open().signIn('lost'))).toMatchObject({ reason: 'NOT_INVITED' });
  const program = new UserServiceClient(transportOfProgram(token, app));
  expect(await failed(program.getUser({ id: person.user.id }))).toMatchObject({ reason: 'NOT_SIGNED_IN' });
});

test('a link to reset a password, and one that is none, begin nothing', async () => {
  const reset = await invite(await createPerson(app.database), LinkPurpose.PASSWORD_RESET);
  for (const linkSecret of [reset, 'made-up', 'x'.repeat(43)]) {
    expect(await failed(open().begin({ linkSecret }))).toMatchObject({
      code: 'PERMISSION_DENIED',
      reason: 'LINK_INVALID',
    });
  }
  expect(await query('select from challenges')).toEqual([]);
});

test('38. who confirms proves anew who they are, and the provider is told to ask', async () => {
  const person = await createLinked('ada');
  await createLinked('eve');
  await query(`update sessions set authenticated_at = now() - interval '1 hour'`);
  const browser = open(person.cookie);
  const url = await browser.begin({ confirms: true });
  expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({ prompt: 'login', max_age: '900' });
  const { session } = await browser.finish(await browser.visitor.signIn(url, 'ada'));
  expect(session?.id).toBe(person.sessionId);
  expect(Number(session?.freshUntil?.seconds)).toBeGreaterThan(Date.now() / 1000);
  const [before] = [person.cookie.split('=')[1]];
  expect([...browser.cookies.values()]).not.toContain(before);

  const other = createVisitor({ origin });
  const answer = await other.signIn(await browser.begin({ confirms: true }), 'eve');
  expect(await failed(browser.finish(answer))).toMatchObject(refused);
  expect((await sessionsOf(person)).map(({ id }) => id)).toEqual([person.sessionId]);
  expect(await failed(open().begin({ confirms: true }))).toMatchObject({
    code: 'UNAUTHENTICATED',
    reason: 'NOT_SIGNED_IN',
  });
});

test('who signs in again before their session ends begins a new one, and the provider is told to ask', async () => {
  const person = await createLinked('ada');
  await query(`update sessions set expires_at = now() + interval '1 minute' where id = $1`, person.sessionId);
  const browser = open(person.cookie);
  const url = await browser.begin();
  expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({ prompt: 'login', max_age: '900' });
  const { session } = await browser.finish(await browser.visitor.signIn(url, 'ada'));
  const live = await query(
    `select id, expires_at > now() + interval '11 hours' as lasts from sessions where user_id = $1 and ended_at is null`,
    person.user.id,
  );
  expect(live).toEqual([{ id: session?.id, lasts: true }]);
});

test('38. a provider that did not ask again, though it was told to, is no new proof', async () => {
  const person = await createLinked('ada');
  const browser = open(person.cookie);
  onTestFinished(() => provider.tellAge(0));
  provider.tellAge(16 * 60);
  expect(await failed(browser.signIn('ada', { confirms: true }))).toMatchObject(refused);
  expect(await failed(browser.signIn('ada'))).toMatchObject(refused);
  provider.tellAge(14 * 60);
  expect((await browser.signIn('ada', { confirms: true })).session?.id).toBe(person.sessionId);
});

test('nobody is sent on to another origin', async () => {
  expect(await failed(open().begin({ returnPath: '//evil.example' }))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    violations: ['return_path RETURN_PATH_INVALID'],
  });
});

test('the provider is asked about itself once, and while it is away everybody is told so in plain words', async () => {
  await createLinked('ada');
  // It has a server of its own, which knows nothing of the provider yet, over the same store.
  const fresh = await startTestApp({ oidc: provider.settings, databaseUrl: app.databaseUrl });
  const discoveries = () =>
    provider.requests.filter((request) => request === 'GET /.well-known/openid-configuration').length;
  const before = discoveries();
  const unavailable = {
    code: 'UNAVAILABLE',
    reason: 'OIDC_UNAVAILABLE',
    message: 'The OpenID provider does not answer at this moment. Try again, or sign in another way.',
  };
  onTestFinished(provider.answer);
  provider.refuse();
  expect(await failed(open(undefined, fresh).begin())).toMatchObject(unavailable);
  provider.answer();
  const browser = open(undefined, fresh);
  const answer = await browser.visitor.signIn(await browser.begin(), 'ada');
  provider.refuse();
  expect(await failed(browser.finish(answer))).toMatchObject(unavailable);
  await open(undefined, fresh).begin();
  provider.answer();
  await open(undefined, fresh).signIn('ada');
  expect(discoveries() - before).toBe(2);
});

test('a provider that does not take us for its client is our mistake, and not the fault of who signs in', async () => {
  const oidc = { ...provider.settings, clientSecret: 'another' };
  const browser = open(undefined, await startTestApp({ oidc, databaseUrl: app.databaseUrl }));
  expect(await failed(browser.signIn('ada'))).toMatchObject({ reason: 'OIDC_UNAVAILABLE' });
});

test('without a provider there is none to sign in at; and a program has no page to come back to', async () => {
  const browser = open(undefined, await startTestApp({ databaseUrl: app.databaseUrl }));
  const none = { code: 'FAILED_PRECONDITION', preconditions: ['OIDC_NOT_CONFIGURED'] };
  expect(await failed(browser.begin())).toMatchObject(none);
  expect(await failed(browser.finish('state=x'))).toMatchObject(none);

  const program = new SessionServiceClient(app.transport);
  expect(await failed(program.beginOidcSignIn({ returnPath: '', linkSecret: '', confirms: false }))).toMatchObject({
    code: 'PERMISSION_DENIED',
    reason: 'ORIGIN_NOT_ALLOWED',
  });
});
