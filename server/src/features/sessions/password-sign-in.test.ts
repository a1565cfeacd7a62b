import { SignInMethod } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { SessionServiceClient } from '@roster/proto/gen/roster/sessions/v1/session_service.client';
import { UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashSecret } from '../../identity/secrets.ts';
import { failureOf } from '../../rpc/read-failure.ts';
import { createPasswordPerson, from, goodPassword, sessionIn, signInWith } from '../../testing/password-people.ts';
import { openTestApp, type TestApp } from '../../testing/test-app.ts';
import { openBrowser, type TestBrowser } from '../../testing/test-browser.ts';

let app: TestApp & { close(): Promise<void> };
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const refused = { code: 'UNAUTHENTICATED', reason: 'SIGN_IN_FAILED', fields: [] };
const tooEarly = { code: 'RESOURCE_EXHAUSTED', reason: 'TOO_MANY_ATTEMPTS', hasRetryDelay: true };
const wrong = 'a wrong horse battery staple';

function rowsOf<Row extends object>(text: string, ...parameters: readonly unknown[]): Promise<Row[]> {
  return app.database.run(undefined, (connection) => connection.query<Row>(text, parameters));
}

const secretOf = (browser: TestBrowser) => [...browser.cookies.values()][0] ?? '';
const getUser = (browser: TestBrowser, id: string) => new UserServiceClient(browser.transport).getUser({ id }).response;

let addresses = 0;
/** An address that no other test uses. */
const newAddress = () => `198.51.${Math.floor(++addresses / 250)}.${addresses % 250}`;

test('the right password signs in: the answer holds the session, the cookie its secret, the history the event', async () => {
  const { user } = await createPasswordPerson(app.database);
  const browser = openBrowser(app);
  const meta = { ...from('203.0.113.9').meta, 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0' };
  const session = sessionIn(await signInWith(browser, user.email.toUpperCase(), goodPassword, { meta }));
  expect(session).toMatchObject({ method: SignInMethod.PASSWORD, address: '203.0.113.9', isCurrent: true });
  const seconds = (time = { seconds: '0' }) => Number(time.seconds);
  expect(seconds(session.expiresAt) - seconds(session.createdAt)).toBe(12 * 3600);
  expect(seconds(session.idleExpiresAt) - seconds(session.createdAt)).toBe(30 * 60);
  expect(seconds(session.freshUntil) - seconds(session.createdAt)).toBe(15 * 60);
  expect((await getUser(browser, user.id)).user?.email).toBe(user.email);
  expect(
    await rowsOf('select kind, user_id, address, detail from access_events where session_id = $1', session.id),
  ).toEqual([{ kind: 'SIGNED_IN', user_id: user.id, address: '203.0.113.9', detail: 'password' }]);
});

test('32. each sign-in has an id and a secret of 256 random bits of its own, and the one before it is worthless', async () => {
  const { user } = await createPasswordPerson(app.database);
  const browser = openBrowser(app);
  const ids: string[] = [];
  const secrets: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    ids.push(sessionIn(await signInWith(browser, user.email)).id);
    secrets.push(secretOf(browser));
  }
  expect(new Set(ids).size).toBe(3);
  expect(new Set(secrets).size).toBe(3);
  for (const text of browser.setCookies) {
    expect(text).toMatch(/^__Host-roster-[0-9a-f]{8}=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/);
  }
  expect(secrets.map((secret) => Buffer.from(secret, 'base64url').length)).toEqual([32, 32, 32]);
  const [name = ''] = browser.cookies.keys();
  for (const old of secrets.slice(0, 2)) {
    const other = openBrowser(app, { cookie: `${name}=${old}` });
    expect(await failureOf(getUser(other, user.id))).toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'NOT_SIGNED_IN',
    });
  }
  const kept = await rowsOf<{ secret_hash: Buffer }>('select secret_hash from sessions where id = $1', ids[2]);
  expect(kept).toEqual([{ secret_hash: hashSecret(secrets[2] ?? '') }]);
});

test('32. a session id or secret that somebody has planted before is not taken over', async () => {
  const { user } = await createPasswordPerson(app.database);
  const planted = 'A'.repeat(43);
  const probe = openBrowser(app);
  await signInWith(probe, user.email);
  const [name = ''] = probe.cookies.keys();
  const browser = openBrowser(app, { cookie: `${name}=${planted}` });
  await signInWith(browser, user.email);
  expect(secretOf(browser)).not.toBe(planted);
});

test.each<readonly [string, { state?: UserState; deleted?: boolean; email?: string; password?: string }]>([
  ['a wrong password', { password: wrong }],
  ['an empty password', { password: '' }],
  ['the right one with a space behind it', { password: `${goodPassword} ` }],
  ['the right one in capitals', { password: goodPassword.toUpperCase() }],
  ['a password of 60,000 characters', { password: 'x'.repeat(60_000) }],
  ['an unknown email', { email: 'nobody@people.example' }],
  ['no email', { email: '' }],
  ['an email with a NUL', { email: 'a\0@people.example' }],
  ['an email that means something in SQL', { email: "' or '1'='1" }],
  ['a suspended person', { state: UserState.SUSPENDED }],
  ['a deleted person', { deleted: true }],
])('34. %s fails like everything else, and sets no cookie', async (_what, { state, deleted, email, password }) => {
  const { user } = await createPasswordPerson(app.database, { ...(state && { state }) });
  if (deleted) await app.client.deleteUser({ id: user.id, baseRevision: 0, requestId: '', confirmSelf: false });
  const browser = openBrowser(app);
  const call = signInWith(browser, email ?? user.email, password ?? goodPassword, from(newAddress()));
  const failure = await failureOf(call);
  expect(failure).toEqual({
    ...refused,
    message: 'Email and password do not fit together, or this person may not sign in.',
    info: {},
    hasRetryDelay: false,
  });
  expect(browser.setCookies).toEqual([]);
});

test('34. somebody without a password, and a hash that nobody can read, fail alike too', async () => {
  for (const hash of [undefined, '', 'x'.repeat(60)]) {
    const { user } = await createPasswordPerson(app.database);
    await rowsOf(
      hash === undefined
        ? 'delete from passwords where user_id = $1'
        : 'update passwords set hash = $2 where user_id = $1',
      ...(hash === undefined ? [user.id] : [user.id, hash]),
    );
    expect(await failureOf(signInWith(openBrowser(app), user.email, '', from(newAddress())))).toMatchObject(refused);
  }
});

test('34. an unknown person and a wrong password take the same time: medians differ by less than 20%', {
  timeout: 120_000,
}, async () => {
  const browser = openBrowser(app);
  const timeOf = async (email: string) => {
    const options = from(newAddress());
    const begun = performance.now();
    await failureOf(signInWith(browser, email, wrong, options));
    return performance.now() - begun;
  };
  const ratios: number[] = [];
  // One pair more as long as whatever else the machine does leaves the answer open.
  for (let range = medianRange(ratios); ratios.length < 300; range = medianRange(ratios)) {
    if (range.from > 0.8 && range.to < 1.2) return;
    const { user } = await createPasswordPerson(app.database);
    const nobody = `nobody-${ratios.length}@people.example`;
    // Each first in turn, so that what the first one leaves warm meets both.
    const isKnownFirst = ratios.length % 2 === 0;
    const first = await timeOf(isKnownFirst ? user.email : nobody);
    const second = await timeOf(isKnownFirst ? nobody : user.email);
    ratios.push(isKnownFirst ? second / first : first / second);
    expect(range.from, `an unknown person takes longer, in ${ratios.length} pairs`).toBeLessThan(1.2);
    expect(range.to, `a wrong password takes longer, in ${ratios.length} pairs`).toBeGreaterThan(0.8);
  }
  expect.fail(`the median is not known after ${ratios.length} pairs: ${JSON.stringify(medianRange(ratios))}`);
});

/** Where the median of what these were drawn from lies with a confidence of 99 %, by the sign test. */
function medianRange(drawn: readonly number[]): { readonly from: number; readonly to: number } {
  const sorted = drawn.toSorted((a, b) => a - b);
  const below = Math.floor((drawn.length - 2.58 * Math.sqrt(drawn.length)) / 2) - 1;
  return { from: sorted[below] ?? 0, to: sorted[sorted.length - 1 - below] ?? Number.POSITIVE_INFINITY };
}

/** Makes another one each time. */
function numbered<T>(make: (number: number) => T): () => T {
  let number = 0;
  return () => {
    number += 1;
    return make(number);
  };
}

/** A slow machine may let a wait of a second pass between two guesses. */
const soonAfter = (count: number) => (guesses: number) => guesses >= count && guesses <= count + 2;

/** Fails until it is too early; returns how often. It stays too early for a minute more. */
async function guess(email: () => string, options: () => ReturnType<typeof from>, max = 40): Promise<number> {
  const browser = openBrowser(app);
  for (let count = 0; count < max; count += 1) {
    const failure = await failureOf(signInWith(browser, email(), wrong, options()));
    if (failure.reason === 'TOO_MANY_ATTEMPTS') {
      expect(failure).toMatchObject(tooEarly);
      await rowsOf("update failed_attempts set wait_until = wait_until + interval '1 min' where wait_until > now()");
      return count;
    }
    expect(failure).toMatchObject(refused);
  }
  return max;
}

test('35. guesses at an account cost a wait from the fourth on, wherever they come from, whether or not there is such an account', async () => {
  const { user } = await createPasswordPerson(app.database);
  expect(
    await guess(
      () => user.email,
      () => from(newAddress()),
    ),
  ).toSatisfy(soonAfter(4));
  expect(
    await guess(
      () => 'nobody-at-all@people.example',
      () => from(newAddress()),
    ),
  ).toSatisfy(soonAfter(4));
  // The right one is not even looked at, so that its answer tells nothing.
  expect(await failureOf(signInWith(openBrowser(app), user.email, goodPassword, from(newAddress())))).toMatchObject(
    tooEarly,
  );
});

test('35. guesses at many accounts from one address cost a wait too, and one IPv6 network counts as one address', async () => {
  const other = numbered((number) => `nobody-${number}@somewhere.example`);
  const address = newAddress();
  expect(await guess(other, () => from(address))).toSatisfy(soonAfter(16));
  const neighbour = numbered((number) => from(`2001:db8:7:7::${number.toString(16)}`));
  expect(await guess(other, neighbour)).toSatisfy(soonAfter(16));
  expect(await guess(other, () => from('2001:db8:7:8::1'), 3)).toBe(3);
});

test('35. the wait doubles with each failure, up to 15 minutes', async () => {
  const email = 'doubling@people.example';
  const waits: number[] = [];
  for (let failures = 1; failures <= 16; failures += 1) {
    await failureOf(signInWith(openBrowser(app), email, wrong, from(newAddress())));
    const [row] = await rowsOf<{ s: number }>(
      'select ceil(extract(epoch from wait_until - clock_timestamp()))::int as s from failed_attempts where count = $1 order by at desc limit 1',
      failures,
    );
    waits.push(Math.max(row?.s ?? -1, 0));
    // As if it were over; the test would take an hour.
    await rowsOf("update failed_attempts set wait_until = now() - interval '1 s' where count = $1", failures);
  }
  expect(waits).toEqual([0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
});

test('35. a hundred guesses at one time are no more than one after the other', async () => {
  const { user } = await createPasswordPerson(app.database);
  const browser = openBrowser(app);
  const failures = await Promise.all(
    Array.from({ length: 100 }, () => failureOf(signInWith(browser, user.email, wrong, from(newAddress())))),
  );
  const looked = failures.filter(({ reason }) => reason === 'SIGN_IN_FAILED');
  expect(looked.length).toBeLessThanOrEqual(6);
  expect(failures.length - looked.length).toBe(failures.filter(({ reason }) => reason === 'TOO_MANY_ATTEMPTS').length);
});

test('35. an attacker cannot lock the last admin out: from where they have signed in before, they come in at once', async () => {
  const { user } = await createPasswordPerson(app.database, { role: UserRole.ADMIN });
  const home = newAddress();
  await signInWith(openBrowser(app), user.email, goodPassword, from(home));
  // Since then the session has moved on, and has ended.
  await rowsOf(`update sessions set ended_at = now(), address = '192.0.2.123' where user_id = $1`, user.id);
  for (let failures = 0; failures < 30; failures += 1) {
    await failureOf(signInWith(openBrowser(app), user.email, wrong, from(newAddress())));
    await rowsOf(
      "update failed_attempts set wait_until = least(wait_until, now() - interval '1 s') where $1 < 29",
      failures,
    );
  }
  expect(await failureOf(signInWith(openBrowser(app), user.email, goodPassword, from(newAddress())))).toMatchObject(
    tooEarly,
  );
  const browser = openBrowser(app);
  sessionIn(await signInWith(browser, user.email, goodPassword, from(home)));
  expect((await getUser(browser, user.id)).user?.role).toBe(UserRole.ADMIN);
});

test('35. whoever guesses from where the person has signed in makes them wait there, and nowhere else', async () => {
  const { user } = await createPasswordPerson(app.database);
  const [office, home] = [newAddress(), newAddress()];
  await signInWith(openBrowser(app), user.email, goodPassword, from(office));
  await signInWith(openBrowser(app), user.email, goodPassword, from(home));
  expect(
    await guess(
      () => user.email,
      () => from(office),
    ),
  ).toSatisfy(soonAfter(4));
  sessionIn(await signInWith(openBrowser(app), user.email, goodPassword, from(home)));
});

test('35. a sign-in forgets the failures at the account, and none of the address', async () => {
  const { user } = await createPasswordPerson(app.database);
  const address = newAddress();
  for (let failures = 0; failures < 3; failures += 1)
    await failureOf(signInWith(openBrowser(app), user.email, wrong, from(address)));
  sessionIn(await signInWith(openBrowser(app), user.email, goodPassword, from(address)));
  // From now on the address is known for the account, and its count begins anew.
  expect(
    await guess(
      () => user.email,
      () => from(address),
    ),
  ).toSatisfy(soonAfter(4));
  const other = numbered((number) => `nobody-${number}@else.example`);
  expect(await guess(other, () => from(address))).toSatisfy(soonAfter(13));
});

test('a password at other costs is hashed anew when it is given', async () => {
  const known = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  const { user } = await createPasswordPerson(app.database);
  await rowsOf('update passwords set hash = $2 where user_id = $1', user.id, known);
  sessionIn(await signInWith(openBrowser(app), user.email, 'password'));
  const [row] = await rowsOf<{ hash: string }>('select hash from passwords where user_id = $1', user.id);
  expect(row?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  sessionIn(await signInWith(openBrowser(app), user.email, 'password'));
});

test('a failed sign-in at an account is written down with where it came from; one at none is not', async () => {
  const { user } = await createPasswordPerson(app.database);
  const address = newAddress();
  await failureOf(signInWith(openBrowser(app), user.email, wrong, from(address)));
  await failureOf(signInWith(openBrowser(app), 'nobody@people.example', wrong, from(address)));
  const events = await rowsOf('select kind, actor_id, user_id from access_events where address = $1', address);
  expect(events).toEqual([{ kind: 'SIGN_IN_FAILED', actor_id: 'anonymous', user_id: user.id }]);
});

test('anybody may ask how one signs in here', async () => {
  await createPasswordPerson(app.database, { role: UserRole.ADMIN });
  const options = await new SessionServiceClient(openBrowser(app).transport).getSignInOptions({}).response;
  expect(options).toEqual({ needsSetup: false, oidcName: '', sendsMail: false, passwordLengthMin: 15 });
});
