import { expect } from '@playwright/test';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { CreateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import type { TestDatabase } from '../src/database.ts';
import { test } from '../src/fixtures.ts';
import { frame, type RawCall, sendRaw } from '../src/raw-call.ts';
import type { SignedIn } from '../src/sign-in.ts';

/** What differs from a call of the console’s own, by a signed-in admin: it lacks one thing that only a page of ours can send. */
interface Forgery {
  readonly method?: string;
  readonly headers?: RawCall['headers'];
}

interface Answer {
  readonly http: number;
  readonly grpcStatus: string;
  readonly text: string;
}

interface Setting {
  readonly baseURL: string | undefined;
  readonly admin: SignedIn;
}

const createUser = '/userservice.v1.UserService/CreateUser';
const notSignedIn = { http: 200, grpcStatus: '16', text: 'You are not signed in.' };
const foreignPage = { http: 200, grpcStatus: '7', text: 'This page may not call here.' };

test('33. the same request with all that a page of ours sends does change something: the others lack one thing each', async ({
  baseURL,
  admin,
  people,
  database,
  api,
}) => {
  const before = await countAll(database);
  expect(await forge({ baseURL, admin }, {}, people.email())).toMatchObject({ http: 200, grpcStatus: '0' });
  expect(await countAll(database)).toEqual({ users: before.users + 1, changes: before.changes + 1 });
  await deleteForged(api);
});

const cookieForgeries: Readonly<Record<string, (cookie: string) => string | readonly string[] | undefined>> = {
  'no cookie': () => undefined,
  'an empty cookie': (cookie) => `${nameOf(cookie)}=`,
  'the cookie under another name': (cookie) => cookie.replace('__Host-', ''),
  'the cookie twice in one header': (cookie) => `${cookie}; ${cookie}`,
  'the cookie in two headers': (cookie) => [cookie, cookie],
  'a foreign cookie of the same name before it': (cookie) => `${nameOf(cookie)}=${'A'.repeat(43)}; ${cookie}`,
  'a cookie with its last character changed': (cookie) => `${cookie.slice(0, -1)}${cookie.endsWith('A') ? 'E' : 'A'}`,
  'a cookie that is cut': (cookie) => cookie.slice(0, -1),
  'a cookie that is longer': (cookie) => `${cookie}A`,
  'a cookie in other case': (cookie) => `${nameOf(cookie)}=${swapCase(cookie.slice(nameOf(cookie).length + 1))}`,
  'a cookie in quotes': (cookie) => cookie.replace(/=(.*)/, '="$1"'),
  'a cookie that is percent-encoded': (cookie) =>
    `${cookie.slice(0, -1)}%${cookie.charCodeAt(cookie.length - 1).toString(16)}`,
};

for (const [what, alter] of Object.entries(cookieForgeries)) {
  test(`33. ${what}: nothing changes, and the answer is the one that all of these get`, async ({
    baseURL,
    admin,
    people,
    database,
  }) => {
    const cookie = alter(cookieOf(admin));
    const refusal = refusalOf({ baseURL, admin }, { headers: { cookie } }, people.email(), database);
    expect(await refusal).toEqual(notSignedIn);
  });
}

test('33. a cookie and a token at once, each of them good, make nobody', async ({
  baseURL,
  admin,
  token,
  people,
  database,
}) => {
  const headers = { authorization: `Bearer ${token}` };
  expect(await refusalOf({ baseURL, admin }, { headers }, people.email(), database)).toEqual(notSignedIn);
});

test('33. a cookie and a bad token at once do not fall back to the cookie', async ({
  baseURL,
  admin,
  people,
  database,
}) => {
  const setting = { baseURL, admin };
  for (const authorization of ['', 'Bearer', 'Bearer x', 'Basic YTpi', 'Bearer ua_abcdefghijkl_x'])
    expect(await refusalOf(setting, { headers: { authorization } }, people.email(), database), authorization).toEqual(
      notSignedIn,
    );
});

const originForgeries: Readonly<Record<string, (own: URL) => string | readonly string[]>> = {
  'another site': () => 'http://evil.example',
  'our origin as a prefix of another': (own) => `${own.origin}.evil.example`,
  'our host as a prefix of another': (own) => `http://${own.hostname}.evil.example:${own.port}`,
  'our host as the end of another': (own) => `http://evil${own.host}`,
  'a host below ours': (own) => `http://stranger.${own.host}`,
  'another port': (own) => `http://${own.hostname}:${Number(own.port) + 1}`,
  'a port that begins with ours': (own) => `${own.origin}0`,
  'no port': (own) => `http://${own.hostname}`,
  'another scheme': (own) => `ftp://${own.host}`,
  null: () => 'null',
  'our origin in capitals': (own) => own.origin.toUpperCase(),
  'our origin with a slash': (own) => `${own.origin}/`,
  'our origin with a user before it': (own) => `http://${own.host}@evil.example`,
  'our origin and another': (own) => `${own.origin} http://evil.example`,
  'two origins': (own) => [own.origin, 'http://evil.example'],
  'the address that our name stands for': (own) => `http://127.0.0.1:${own.port}`,
};

for (const [what, alter] of Object.entries(originForgeries)) {
  test(`33. an origin that is ${what}: nothing changes, and the answer is the one that all of these get`, async ({
    baseURL,
    admin,
    people,
    database,
  }) => {
    const headers = { origin: alter(new URL(baseURL ?? '')) };
    expect(await refusalOf({ baseURL, admin }, { headers }, people.email(), database)).toEqual(foreignPage);
  });
}

test('33. without an origin, or an empty one, a cookie signs nobody in', async ({
  baseURL,
  admin,
  people,
  database,
}) => {
  const setting = { baseURL, admin };
  expect(await refusalOf(setting, { headers: { origin: undefined } }, people.email(), database)).toEqual(notSignedIn);
  expect((await refusalOf(setting, { headers: { origin: '' } }, people.email(), database)).grpcStatus).not.toBe('0');
});

test('33. without x-grpc-web, or with another value of it, a cookie signs nobody in', async ({
  baseURL,
  admin,
  people,
  database,
}) => {
  for (const value of [undefined, '', '0', '2', 'true', ['1', '1']]) {
    const headers = { 'x-grpc-web': value };
    expect(await refusalOf({ baseURL, admin }, { headers }, people.email(), database), String(value)).toEqual(
      notSignedIn,
    );
  }
});

test('33. any content type but those of gRPC-Web is refused before a server sees it', async ({
  baseURL,
  admin,
  people,
  database,
}) => {
  const types = ['text/plain', 'text/plain; application/grpc-web+proto', 'application/x-www-form-urlencoded'];
  const more = ['multipart/form-data; boundary=x', 'application/json', 'application/octet-stream', undefined, ''];
  const near = [
    'application/grpc-web+json',
    'application/grpc-webx',
    'xapplication/grpc-web',
    'application/grpc-web; x',
  ];
  for (const type of [...types, ...more, ...near]) {
    const answer = await refusalOf({ baseURL, admin }, { headers: { 'content-type': type } }, people.email(), database);
    expect(answer.http, String(type)).toBe(415);
  }
  for (const type of ['application/grpc', 'application/grpc+proto']) {
    const answer = await refusalOf({ baseURL, admin }, { headers: { 'content-type': type } }, people.email(), database);
    // Envoy words a refusal as the caller's protocol does: an HTTP 200 whose status is the refusal.
    expect(answer.grpcStatus, type).toMatch(/^[1-9]/);
  }
});

test('33. no verb but POST calls a method', async ({ baseURL, admin, people, database }) => {
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
    expect((await refusalOf({ baseURL, admin }, { method }, people.email(), database)).http, method).toBe(405);
});

/** One that is of another site for the browser, which keeps the cookie back, and one that is of the same, which does not. */
for (const stranger of ['http://stranger.localhost:8099', 'http://localhost:8099']) {
  test.describe(`33. from a page of ${stranger}`, () => {
    test.beforeEach(async ({ page }) => {
      await page.route(`${stranger}/**`, (route) =>
        route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>A stranger</title>' }),
      );
      // Chromium takes a page that came from no network for one of the internet, which may call this machine only if it is let.
      await page.context().grantPermissions(['local-network-access'], { origin: stranger });
      await page.goto(stranger);
    });

    for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      test(`33. a form that is posted as ${enctype} changes nothing`, async ({ page, baseURL, people, database }) => {
        const before = await countAll(database);
        const answered = page.waitForResponse((response) => response.url().endsWith(createUser));
        await page.evaluate(postForm, [`${baseURL}${createUser}`, enctype, people.email()] as const);
        expect((await answered).status()).toBe(415);
        expect(await countAll(database)).toEqual(before);
      });
    }

    test('33. fetches and a beacon, with CORS and without, change nothing and show nothing', async ({
      page,
      baseURL,
      people,
      database,
    }) => {
      const before = await countAll(database);
      const arrived: number[] = [];
      const devtools = await page.context().newCDPSession(page);
      // Told for answers too that the page is not shown.
      devtools.on('Network.responseReceivedExtraInfo', ({ statusCode }) => arrived.push(statusCode));
      await devtools.send('Network.enable');
      const body = [...bodyFor(people.email())];
      const outcomes = await page.evaluate(fetchInEveryWay, [`${baseURL}${createUser}`, body] as const);
      expect(outcomes).toEqual(outcomes.map(() => 'TypeError'));
      // Four fetches and the beacon need no preflight and reach the proxy. The fifth asks first, is answered without leave, and is never sent.
      await expect.poll(() => arrived.filter((status) => status === 415).length).toBe(5);
      expect(arrived.filter((status) => status !== 415)).toEqual([200]);
      expect(await countAll(database)).toEqual(before);
    });
  });
}

/** Runs in the browser. */
function postForm([action, enctype, email]: readonly [string, string, string]): void {
  const form = document.createElement('form');
  Object.assign(form, { method: 'post', action, enctype });
  const field = document.createElement('input');
  Object.assign(field, { name: 'email', value: email });
  form.append(field);
  document.body.append(form);
  form.submit();
}

/** Runs in the browser. Says how each fetch ended; a beacon tells its sender nothing. */
async function fetchInEveryWay([url, bytes]: readonly [string, readonly number[]]): Promise<string[]> {
  const body = Uint8Array.from(bytes);
  const own = { 'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1' };
  const ways: RequestInit[] = [
    { mode: 'no-cors' },
    { mode: 'no-cors', headers: own },
    { mode: 'no-cors', headers: { 'content-type': 'text/plain' } },
    { mode: 'cors' },
    { mode: 'cors', headers: own },
  ];
  const outcomes: string[] = [];
  for (const way of ways) {
    outcomes.push(
      await fetch(url, { method: 'POST', credentials: 'include', body, ...way }).then(
        async (answer) => `${answer.type} ${answer.status} ${await answer.text()}`,
        (error: Error) => error.name,
      ),
    );
  }
  navigator.sendBeacon(url, body);
  return outcomes;
}

/** Sends a forgery, and holds it to what all must keep to: nothing is stored, and the answer tells nothing that helps. */
async function refusalOf(setting: Setting, forgery: Forgery, email: string, database: TestDatabase): Promise<Answer> {
  const before = await countAll(database);
  const answer = await forge(setting, forgery, email);
  expect(await countAll(database)).toEqual(before);
  return answer;
}

async function countAll(database: TestDatabase): Promise<{ readonly users: number; readonly changes: number }> {
  const [row] = await database.query<{ users: number; changes: number }>(
    `select count(distinct u.id)::int as users, count(c.revision)::int as changes
      from users u left join changes c on c.user_id = u.id where u.email like 'forged-%'`,
  );
  return { users: row?.users ?? 0, changes: row?.changes ?? 0 };
}

async function forge(
  { baseURL, admin }: Setting,
  { method = 'POST', headers }: Forgery,
  email: string,
): Promise<Answer> {
  const { origin } = new URL(baseURL ?? '');
  const own = { cookie: cookieOf(admin), origin, 'x-grpc-web': '1', 'content-type': 'application/grpc-web+proto' };
  const body = method === 'GET' || method === 'HEAD' ? {} : { body: bodyFor(email) };
  const answer = await sendRaw(`${origin}${createUser}`, { method, headers: { ...own, ...headers }, ...body });
  return { http: answer.http, grpcStatus: answer.grpcStatus, text: answer.grpcMessage };
}

function bodyFor(email: string): Buffer {
  const fields = { name: 'Forged', email: `forged-${email}`, role: UserRole.VIEWER };
  return frame(CreateUserRequest.toBinary(CreateUserRequest.create(fields)));
}

async function deleteForged(api: {
  list(filter: string): Promise<readonly { id: string }[]>;
  delete(id: string): Promise<void>;
}) {
  for (const { id } of await api.list('email:"forged-"')) await api.delete(id);
}

function cookieOf({ cookie }: SignedIn): string {
  return `${cookie.name}=${cookie.value}`;
}

function nameOf(cookie: string): string {
  return cookie.slice(0, cookie.indexOf('='));
}

function swapCase(text: string): string {
  return text.replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
}
