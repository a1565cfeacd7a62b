import { hostname } from 'node:os';
import { expect } from '@playwright/test';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import {
  CreateUserRequest,
  DeleteUserRequest,
  GetUserRequest,
  ListUsersRequest,
  UpdateUserRequest,
} from '@roster/proto/gen/userservice/v1/user_service';
import { readPostmasterPid } from '../src/database.ts';
import { testOnOwnStack } from '../src/own-stack-fixtures.ts';
import { frame, type RawAnswer, type RawCall, sendRaw } from '../src/raw-call.ts';

const test = testOnOwnStack();
const service = '/userservice.v1.UserService';

/** What no answer may contain, wherever in it. */
const secrets: Readonly<Record<string, RegExp>> = {
  SQL: /\b(select|insert into|update \w+ set|delete from|where \w|relation "|constraint|SQLSTATE|_key\b|_pkey\b|pg_\w+)/i,
  'a path':
    /\/(home|work|tmp|usr|var|root|opt|app|srv|etc|node_modules|dist|src)\/|\b[\w-]+\.(ts|js|mjs|cjs|sql|yaml):?\d*\b(?!\w)/i,
  'a stack': /\bat .{1,80}[(:]\d+|node:internal|\b(Type|Range|Syntax|Reference|Database)Error\b/,
  'a host name': new RegExp(`localhost|127\\.0\\.0\\.1|::1|\\.sock|\\b${hostname()}\\b`, 'i'),
  'a version': /\b\d+\.\d+\.\d+\b|\b(envoy|node(\.?js)?|postgres(ql)?|grpc-js|nginx|express)\b[\s/-]*v?\d*/i,
};

const grpcWeb = { 'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1' };

/** Holds an answer to the promise, and it must be a failure. */
function expectNothingTold(what: string, { http, grpcStatus, grpcMessage, details, headers, body }: RawAnswer): void {
  expect(http >= 400 || Number(grpcStatus) > 0, `${what}: fails`).toBe(true);
  const shown = [grpcMessage, details.toString('latin1'), ...headers, body.toString('latin1')].join('\n');
  for (const [secret, pattern] of Object.entries(secrets)) {
    expect(pattern.exec(shown)?.[0], `${what}: ${secret} in ${shown}`).toBeUndefined();
  }
}

/** Calls that fail whatever state the stack is in. `id` is that of a user. */
function failingCalls(id: string, base: number): Readonly<Record<string, readonly [path: string, call: RawCall]>> {
  const call = (method: string, bytes: Uint8Array, headers: RawCall['headers'] = {}): readonly [string, RawCall] => [
    `${service}/${method}`,
    { headers: { ...grpcWeb, ...headers }, body: frame(bytes) },
  ];
  const list = (fields: Partial<ListUsersRequest>) =>
    call('ListUsers', ListUsersRequest.toBinary(ListUsersRequest.create(fields)));
  const create = (fields: Partial<CreateUserRequest>) =>
    call(
      'CreateUser',
      CreateUserRequest.toBinary(CreateUserRequest.create({ name: 'A', role: UserRole.VIEWER, ...fields })),
    );
  const get = (wanted: string, headers: RawCall['headers'] = {}) =>
    call('GetUser', GetUserRequest.toBinary({ id: wanted }), headers);
  const conflict = UpdateUserRequest.create({
    id,
    user: { name: 'Mine' },
    updateMask: { paths: ['name'] },
    baseRevision: base,
  });
  return {
    'an unknown method': call('NoSuchMethod', new Uint8Array()),
    'a method for programs alone': call('BulkCreateUsers', new Uint8Array()),
    'an unknown service': ['/no.such.Service/Method', { headers: grpcWeb, body: frame(new Uint8Array()) }],
    health: ['/grpc.health.v1.Health/Check', { headers: grpcWeb, body: frame(new Uint8Array()) }],
    reflection: [
      '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
      { headers: grpcWeb, body: frame(new Uint8Array()) },
    ],
    'nobody who is signed in': get(id, { authorization: undefined }),
    'a bad token': get(id, { authorization: 'Bearer ua_abcdefghijkl_x' }),
    'a bad cookie': get(id, { authorization: undefined, cookie: '__Host-roster-12345678=x' }),
    'a foreign page': get(id, { origin: 'http://evil.example' }),
    'a bad filter': list({ filter: "name = '; drop table users; --" }),
    'a filter of an unknown field': list({ filter: 'users.password = x' }),
    'a filter with a broken time': list({ filter: 'created_at > 2024-99-99' }),
    'a bad order': list({ orderBy: 'name; select 1' }),
    'a bad page token': list({ pageToken: 'x'.repeat(100) }),
    'a bad skip': list({ skip: -1 }),
    'an id that is none': get("' or 1=1 --"),
    'an unknown id': get(crypto.randomUUID()),
    'a bad email': create({ email: 'nobody' }),
    'an email that is taken': create({ email: 'taken@example.org' }),
    'an id that is taken': create({ email: `${crypto.randomUUID()}@example.org`, id }),
    'a NUL in a name': create({ email: 'x@example.org', name: 'A\0' }),
    'a role that there is not': create({ email: 'x@example.org', role: 99 as UserRole }),
    'an unknown mask path': call(
      'UpdateUser',
      UpdateUserRequest.toBinary(UpdateUserRequest.create({ id, user: {}, updateMask: { paths: ['x'] } })),
    ),
    'a conflict': call('UpdateUser', UpdateUserRequest.toBinary(conflict)),
    'bytes that are no message': call('GetUser', Buffer.from('not protobuf')),
    'two messages': [
      `${service}/GetUser`,
      {
        headers: grpcWeb,
        body: Buffer.concat([frame(GetUserRequest.toBinary({ id })), frame(GetUserRequest.toBinary({ id }))]),
      },
    ],
    'half a message': [`${service}/GetUser`, { headers: grpcWeb, body: Buffer.from([0, 0, 0, 1, 0, 10]) }],
    'a frame that says it is compressed': [
      `${service}/GetUser`,
      { headers: grpcWeb, body: Buffer.from([1, 0, 0, 0, 1, 0]) },
    ],
    'a message over the limit': create({ email: 'x@example.org', name: 'x'.repeat(300_000) }),
    'a message beyond all measure': call('CreateUser', Buffer.alloc(3_000_000)),
    'compression that is not understood': get(id, { 'grpc-encoding': 'gzip' }),
    'a deadline that has passed': get(id, { 'grpc-timeout': '1n' }),
    'another content type': get(id, { 'content-type': 'text/plain' }),
    'plain gRPC': get(id, { 'content-type': 'application/grpc' }),
    'another verb': [`${service}/GetUser`, { method: 'PUT', headers: grpcWeb }],
    'an OPTIONS that is no preflight': [`${service}/GetUser`, { method: 'OPTIONS' }],
    'another host': ['/', { method: 'GET', headers: { host: 'evil.example' } }],
    'headers beyond all measure': ['/', { method: 'GET', headers: { big: 'x'.repeat(70_000) } }],
    'a header with an underscore': ['/', { method: 'GET', headers: { under_score: 'x' } }],
    'a slash that is hidden': ['/a%2Fb', { method: 'GET' }],
    'a NUL in a path': ['/a%00b', { method: 'GET' }],
    'a file that is not there': ['/assets/nothing.js', { method: 'GET' }],
    'a source map': ['/assets/index.js.map', { method: 'GET' }],
    'a verb that pages do not know': ['/users', { method: 'DELETE' }],
  };
}

test('47. no failure that a caller can cause tells of SQL, paths, stacks, hosts or versions', async ({
  baseURL,
  token,
  api,
}) => {
  const { id, revision } = await api.create({ name: 'Taken', email: 'taken@example.org' });
  await api.update(id, { name: 'Theirs' }, ['name']);
  for (const [what, [path, call]] of Object.entries(failingCalls(id, revision))) {
    const headers = { authorization: `Bearer ${token}`, ...call.headers };
    expectNothingTold(what, await sendRaw(`${baseURL}${path}`, { ...call, headers }));
  }
  await api.delete(id);
});

test('47. nor does a page that is answered, with its headers', async ({ baseURL }) => {
  for (const path of ['/', '/users', '/nowhere/at/all', '/.git/config', '/..%5c..%5cetc%5cpasswd']) {
    const answer = await sendRaw(`${baseURL}${path}`, { method: 'GET' });
    const headers = answer.headers.join('\n');
    for (const [secret, pattern] of Object.entries(secrets))
      expect(pattern.exec(headers)?.[0], `${path}: ${secret} in ${headers}`).toBeUndefined();
    expect(answer.body.toString()).not.toMatch(/root:x:|\[core\]|sourceMappingURL/);
  }
});

test('47. nor does a flood of writes that is turned away', async ({ baseURL }) => {
  const call = { headers: grpcWeb, body: frame(new Uint8Array()) };
  const answers = await Promise.all(
    Array.from({ length: 320 }, () => sendRaw(`${baseURL}${service}/DeleteUser`, call)),
  );
  const refused = answers.filter(({ http }) => http === 429);
  expect(refused.length).toBeGreaterThan(0);
  for (const answer of refused) expectNothingTold('a spent limit', answer);
});

const everyRead = [
  ['GetUser', GetUserRequest.toBinary({ id: crypto.randomUUID() })],
  ['ListUsers', ListUsersRequest.toBinary(ListUsersRequest.create({ filter: 'name:x' }))],
  ['ListUsers', ListUsersRequest.toBinary(ListUsersRequest.create({ watch: true }))],
  [
    'CreateUser',
    CreateUserRequest.toBinary(CreateUserRequest.create({ name: 'A', email: 'a@example.org', role: UserRole.VIEWER })),
  ],
] as const;

test('47. nor does a store that is broken in ways that we did not foresee', async ({ baseURL, token, database }) => {
  await database.query('alter table users rename to users_gone');
  try {
    for (const [method, bytes] of everyRead) {
      const headers = { ...grpcWeb, authorization: `Bearer ${token}`, 'grpc-timeout': '5S' };
      const answer = await sendRaw(`${baseURL}${service}/${method}`, { headers, body: frame(bytes) });
      expectNothingTold(`${method} without its table`, answer);
      expect(answer.grpcStatus, method).toBe('13');
      expect(answer.grpcMessage).toMatch(/^Internal error, incident [0-9a-f-]+$/);
    }
  } finally {
    // Flushed, which the stack of tests does for nothing else: the next test kills the store at once.
    await database.query('set synchronous_commit = on; alter table users_gone rename to users');
  }
});

test('47. nor does a store that has died, nor a server that has', async ({ baseURL, token, stack }) => {
  const headers = { ...grpcWeb, authorization: `Bearer ${token}` };
  // A write: the proxy repeats a read by itself until the store is back.
  const bytes = DeleteUserRequest.toBinary(DeleteUserRequest.create({ id: crypto.randomUUID() }));
  const ask = () => sendRaw(`${baseURL}${service}/DeleteUser`, { headers, body: frame(bytes) });
  const seen = new Set<string>();
  const askUntilBack = async () => {
    const answer = await ask();
    expectNothingTold('a part that is dead', answer);
    seen.add(`${answer.grpcStatus} ${answer.grpcMessage}`);
    expect(answer.grpcStatus).toBe('5');
  };
  process.kill(await readPostmasterPid(stack.databaseUrl), 'SIGKILL');
  await expect(async () => {
    await askUntilBack();
    expect(seen).toContain('14 The store cannot be reached. Try again.');
  }).toPass({ intervals: [20], timeout: 30_000 });

  seen.clear();
  await stack.servers[0]?.kill();
  for (let count = 0; count < 20; count += 1) await expect(askUntilBack()).rejects.toThrow('toBe');
  expect([...seen].every((answer) => answer.startsWith('14 '))).toBe(true);
  await stack.servers[0]?.start();
  await expect(askUntilBack).toPass({ intervals: [20], timeout: 30_000 });
});
