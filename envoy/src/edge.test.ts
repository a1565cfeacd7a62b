import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect, constants } from 'node:http2';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { configFile } from './run-envoy.ts';
import { answerEmpty, frame, openAnswer } from './testing/grpc-backend.ts';
import { headersNamedByThePage } from './testing/named-headers.ts';
import { startEdge } from './testing/start-edge.ts';

const origin = 'http://localhost:5173';
const service = '/userservice.v1.UserService';
let edge: Awaited<ReturnType<typeof startEdge>>;

beforeAll(async () => {
  edge = await startEdge({ origins: [origin], hosts: ['roster.example'] });
}, 120_000);
afterAll(() => edge?.stop());
beforeEach(() => edge.backend.behave(answerEmpty));

type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
};

/** Thousands of calls at one time need no thousands of connections. */
const agent = new Agent({ keepAlive: true, maxSockets: 100 });
afterAll(() => agent.destroy());

/** node:http, because fetch would not send a foreign Host or Origin. */
function send(
  path: string,
  options: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: Buffer } = {},
  port = edge.envoy.edgePort,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {} } = options;
    const call = request({ agent, port, host: '127.0.0.1', path, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      );
    });
    call.on('error', reject);
    call.end(options.body);
  });
}

const grpcWeb = { 'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1' };
const writing = { method: 'POST', headers: { ...grpcWeb, origin }, body: frame(Buffer.alloc(0)) };
const call = (method: string, headers: Record<string, string> = {}) =>
  send(`${service}/${method}`, { method: 'POST', headers: { ...grpcWeb, ...headers }, body: frame(Buffer.alloc(0)) });
const preflight = (headers: Record<string, string>, method = 'GetUser') =>
  send(`${service}/${method}`, { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST', ...headers } });

/** What a client sends beyond what a browser lets any page send: of the console, the stock client, and programs in pages. */
const sentHeaders = [
  ...['content-type', 'x-grpc-web', 'grpc-timeout', 'x-request-id', 'x-roster-feed', 'x-roster-background'],
  ...['x-user-agent', 'authorization', 'x-idempotency-key'],
];
const listOf = (header: unknown) => String(header).split(',');

describe('preflights are answered by Envoy alone', () => {
  test.each(['GetUser', 'CreateUser', 'UpdateUser', 'DeleteUser', 'UndeleteUser', 'ListUsers'])(
    'of %s, with every header that a client sends',
    async (method) => {
      const before = edge.backend.calls.length;
      const { status, headers } = await preflight({ origin }, method);
      expect(status).toBe(200);
      expect(headers['access-control-allow-origin']).toBe(origin);
      expect(headers['access-control-allow-methods']).toBe('POST');
      expect(listOf(headers['access-control-allow-headers'])).toEqual(expect.arrayContaining(sentHeaders));
      expect(edge.backend.calls.length).toBe(before);
    },
  );

  test.each([
    'http://localhost.evil.example',
    'http://localhost:5173.evil.example',
    'http://localhost:51730',
    'https://localhost:5173',
    'http://LOCALHOST:5173',
    'http://evil.example',
    'null',
  ])('and the origin %s gets no permission', async (foreign) => {
    const before = edge.backend.calls.length;
    const { headers } = await preflight({ origin: foreign });
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(edge.backend.calls.length).toBe(before);
  });

  test.each([{ origin }, { 'access-control-request-method': 'POST' }, {}])(
    'and an OPTIONS that is none is refused: %o',
    async (headers) => {
      const before = edge.backend.calls.length;
      const { status } = await send(`${service}/GetUser`, { method: 'OPTIONS', headers });
      expect(status).toBe(405);
      expect(edge.backend.calls.length).toBe(before);
    },
  );
});

test('an allowed page can read the statuses, the details and the page token', async () => {
  const { status, headers } = await call('GetUser', { origin });
  expect(status).toBe(200);
  expect(headers['access-control-allow-origin']).toBe(origin);
  const exposed = 'grpc-status grpc-message grpc-status-details-bin x-request-id x-next-page-token x-total-size';
  expect(listOf(headers['access-control-expose-headers'])).toEqual(expect.arrayContaining(exposed.split(' ')));
});

test('whatever header the console names, a page of another origin may send it or read it', async () => {
  const { headers } = await preflight({ origin });
  const known = [
    ...listOf(headers['access-control-allow-headers']),
    ...listOf((await call('GetUser', { origin })).headers['access-control-expose-headers']),
  ];
  const named = headersNamedByThePage();
  expect(named).toEqual(expect.arrayContaining(['x-grpc-web', 'x-request-id', 'x-roster-background', 'x-roster-feed']));
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});

describe('a call', () => {
  test.each(['', '+proto', '-text', '-text+proto'])('of the type application/grpc-web%s is served', async (suffix) => {
    const message = frame(Buffer.alloc(0));
    const { status, headers } = await send(`${service}/GetUser`, {
      method: 'POST',
      headers: { ...grpcWeb, 'content-type': `application/grpc-web${suffix}` },
      body: suffix.startsWith('-text') ? Buffer.from(message.toString('base64')) : message,
    });
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/grpc-web/);
  });

  test.each([
    ['GET', 405, { ...grpcWeb }],
    ['PUT', 405, { ...grpcWeb }],
    ['DELETE', 405, { ...grpcWeb }],
    ['POST', 415, {}],
    ['POST', 200, { 'content-type': 'application/grpc' }], // Envoy words its refusal as gRPC does: by grpc-status.
    ['POST', 415, { 'content-type': 'application/json' }],
    ['POST', 415, { 'content-type': 'text/plain' }],
    ['POST', 415, { 'content-type': 'application/grpc-web+json' }],
    ['POST', 404, { ...grpcWeb, 'grpc-encoding': 'gzip' }],
  ])('by %s is refused with %i and a reason, and no server sees it: %o', async (method, status, headers) => {
    const before = edge.backend.calls.length;
    const answer = await send(`${service}/DeleteUser`, { method, headers: headers as Record<string, string> });
    expect(answer.status).toBe(status);
    expect(answer.body.length + String(answer.headers['grpc-message'] ?? '').length).toBeGreaterThan(0);
    expect(edge.backend.calls.length).toBe(before);
  });

  test.each([
    `${service}/BulkCreateUsers`,
    `${service}/SyncUsers`,
    `${service}/Invented`,
    '/userservice.v1.Other/GetUser',
    '/grpc.health.v1.Health/Check',
    '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
    '/evil.Service/Method',
  ])('of %s reads UNIMPLEMENTED with a sentence, and no server sees it', async (path) => {
    const before = edge.backend.calls.length;
    const { status, headers } = await send(path, { method: 'POST', headers: grpcWeb });
    expect([status, headers['grpc-status']]).toEqual([404, '12']);
    expect(headers['grpc-message']).toMatch(/no such (method|service)/);
    expect(edge.backend.calls.length).toBe(before);
  });

  test('keeps the request id that the browser chose, and gives it back', async () => {
    const { headers } = await call('GetUser', { 'x-request-id': 'chosen-by-the-browser' });
    expect(headers['x-request-id']).toBe('chosen-by-the-browser');
    expect(edge.backend.calls.at(-1)?.headers['x-request-id']).toBe('chosen-by-the-browser');
  });
});

test('only known hosts are answered, with any port; others get 421', async () => {
  for (const host of ['localhost', 'localhost:8080', '127.0.0.1:1', '[::1]:8080', 'roster.example'])
    expect((await send('/', { headers: { host } })).status).toBe(200);
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:8080', '10.0.0.1'])
    expect((await send('/', { headers: { host } })).status).toBe(421);
});

test('47. every answer carries the security headers and none tells a version', async () => {
  const answers = [
    await send('/'),
    await call('GetUser'),
    await send(`${service}/GetUser`),
    await send('/', { headers: { host: 'evil.example' } }),
    await send('/', { headers: { under_score: 'x' } }),
    await send('/a%2Fb'),
    await send('/', { headers: { big: 'x'.repeat(70_000) } }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 405, 421, 400, 400, 431]);
  for (const { headers } of answers) {
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("style-src 'self'");
    expect(headers['content-security-policy']).toContain('trusted-types roster');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('same-origin');
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(headers['server'] ?? 'roster').toBe('roster');
    expect(Object.keys(headers).join()).not.toMatch(/envoy|powered|via/);
  }
});

test('a list is compressed and the feed is not, and what the feed sends arrives at once', async () => {
  const rows = Buffer.alloc(4_000, 'row');
  edge.backend.behave((stream) => {
    openAnswer(stream);
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(frame(rows));
  });
  const list = await call('ListUsers', { 'accept-encoding': 'gzip' });
  expect(list.headers['content-encoding']).toBe('gzip');

  let sendMore = () => {};
  let sendEnd = () => {};
  edge.backend.behave((stream) => {
    openAnswer(stream);
    stream.write(frame(Buffer.from('first')));
    sendMore = () => stream.write(frame(Buffer.from('second')));
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    sendEnd = () => stream.end();
  });
  const response = await fetch(`http://127.0.0.1:${edge.envoy.edgePort}${service}/ListUsers`, {
    method: 'POST',
    headers: { ...grpcWeb, 'x-roster-feed': '1', 'accept-encoding': 'gzip' },
    body: frame(Buffer.alloc(0)),
  });
  expect(response.headers.get('content-encoding')).toBeNull();
  const reader = response.body?.getReader();
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toContain('first');
  sendMore();
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toContain('second');
  sendEnd();
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toContain('grpc-status:0');
});

test('a read is repeated when its connection breaks, a write is not', { timeout: 20_000 }, async () => {
  const breakFirst = () => {
    let seen = 0;
    edge.backend.behave((stream) => {
      seen += 1;
      if (seen === 1) stream.close(constants.NGHTTP2_INTERNAL_ERROR);
      else answerEmpty(stream);
    });
    return () => seen;
  };
  const readsSeen = breakFirst();
  expect((await call('GetUser')).status).toBe(200);
  expect(readsSeen()).toBe(2);
  const writesSeen = breakFirst();
  const write = await call('CreateUser');
  expect([write.status, write.headers['grpc-status'], writesSeen()]).toEqual([503, '14', 1]);
});

test('the native listener serves streams of requests, health and reflection, and nothing that is no gRPC', async () => {
  const client = connect(`http://127.0.0.1:${edge.envoy.nativePort}`);
  const grpc = { 'content-type': 'application/grpc' };
  const ask = (path: string, headers: Record<string, string> = grpc) =>
    new Promise((resolve, reject) => {
      const request = { ':method': 'POST', ':path': path, te: 'trailers', ...headers };
      const stream = client.request(request, { endStream: false });
      stream.on('response', (answer) => resolve(answer['grpc-status'] ?? answer[':status']));
      stream.on('error', reject);
      stream.end(frame(Buffer.alloc(0)));
    });
  try {
    for (const path of [
      `${service}/BulkCreateUsers`,
      `${service}/SyncUsers`,
      '/grpc.health.v1.Health/Check',
      '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
    ])
      expect(await ask(path)).toBe(200);
    const before = edge.backend.calls.length;
    expect(await ask('/grpc.channelz.v1.Channelz/GetServers')).toBe('12');
    expect(await ask(`${service}/GetUser`, { 'content-type': 'application/json' })).toBe(415);
    expect(await ask(`${service}/GetUser`, { ...grpc, 'content-type': 'application/grpc+json' })).toBe('2');
    expect(await ask(`${service}/GetUser`, { ...grpc, 'grpc-encoding': 'zstd' })).toBe('12');
    expect(await ask(`${service}/GetUser`, { ...grpc, ':method': 'DELETE' })).toBe('2');
    expect(edge.backend.calls.length).toBe(before);
  } finally {
    client.close();
  }
});

describe('44. limits of rate', () => {
  // Tokens that come back while the calls are under way, as they would on a busy machine, would let more of them in.
  const text = readFileSync(configFile, 'utf8');
  const configText = text.replaceAll('fill_interval: 1s', 'fill_interval: 3600s');
  const signIn = '/roster.sessions.v1.SessionService/SignInWithPassword';
  const signOut = '/roster.sessions.v1.SessionService/SignOut';
  const confirm = '/roster.sessions.v1.SessionService/ConfirmIdentity';
  const write = `${service}/DeleteUser`;

  /** An edge with full buckets behind one proxy of ours, or none; `count` calls of a path at once, each from the address that is given for it, and how many were let in. */
  async function startFull(trustedHops: 0 | 1) {
    expect(configText).not.toBe(text);
    const full = await startEdge({ origins: [origin], configText, trustedHops });
    onTestFinished(() => full.stop());
    const callAll = (path: string, count: number, addressOf: (index: number) => string) =>
      Promise.all(
        Array.from({ length: count }, (_, index) => {
          const headers = { ...writing.headers, 'x-forwarded-for': addressOf(index) };
          return send(path, { ...writing, headers }, full.envoy.edgePort);
        }),
      );
    const countLetIn = async (...call: Parameters<typeof callAll>) =>
      (await callAll(...call)).filter(({ status }) => status === 200).length;
    return { callAll, countLetIn };
  }

  test('of writes at once 200 of one network are let in, and the others are refused with 429 and the time to wait, readable by the page', async () => {
    const { callAll } = await startFull(0);
    const answers = await callAll(write, 320, () => '');
    const refused = answers.filter(({ status }) => status === 429);
    expect([answers.filter(({ status }) => status === 200).length, refused.length]).toEqual([200, 120]);
    expect(refused[0]?.headers).toMatchObject({ 'retry-after': '1', 'access-control-allow-origin': origin });
  });

  test('a network that has spent what it may takes nothing from another, whatever it calls', async () => {
    const { countLetIn } = await startFull(1);
    for (const [path, most] of [
      [signIn, 60],
      [signOut, 60],
      [write, 200],
    ] as const) {
      expect(await countLetIn(path, 320, () => '203.0.113.1'), path).toBe(most);
      expect(await countLetIn(path, 10, () => '203.0.113.2'), path).toBe(10);
    }
  });

  test('neither writes nor sign-ins, from however many networks, keep anybody from signing out and from confirming who they are', async () => {
    const { countLetIn } = await startFull(1);
    const anywhere = (index: number) => `198.51.${index % 50}.1`;
    expect(await countLetIn(write, 2500, anywhere)).toBe(2000);
    expect(await countLetIn(signIn, 500, anywhere)).toBe(400);
    expect(await countLetIn(signOut, 10, () => '198.51.0.1')).toBe(10);
    expect(await countLetIn(confirm, 10, () => '198.51.0.1')).toBe(10);
  });

  test('an IPv6 network counts as one, and whoever invents addresses has no more than others', async () => {
    const proxied = await startFull(1);
    expect(await proxied.countLetIn(signIn, 80, (index) => `2001:db8:0:1::${index}`)).toBe(60);
    expect(await proxied.countLetIn(signIn, 10, () => '2001:db8:0:2::1')).toBe(10);
    const direct = await startFull(0);
    expect(await direct.countLetIn(signIn, 80, (index) => `203.0.113.${index}`)).toBe(60);
  });
});

test('the log is JSON and keeps query strings, which hold personal data, to itself', async () => {
  await send('/users?filter=secret-person');
  await expect.poll(() => readFileSync(edge.envoy.logFile, 'utf8')).toContain('"path":"/users"');
  const text = readFileSync(edge.envoy.logFile, 'utf8');
  expect(text).not.toContain('secret-person');
  // Envoy may be in the middle of its last line.
  const lines = text.split('\n').slice(0, -1);
  for (const line of lines.filter((entry) => entry.startsWith('{'))) JSON.parse(line);
});
