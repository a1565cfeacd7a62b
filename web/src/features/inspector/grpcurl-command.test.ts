import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { User } from '@roster/proto/gen/userservice/v1/user';
import { CreateUserRequest, GetUserRequest, UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { grpcurlCommand, quote } from './grpcurl-command.ts';
import { recordCall } from './inspector-testing.ts';

const run = promisify(execFile);

/** What a shell makes of a command: its words, as the program would get them. */
async function wordsOf(command: string): Promise<readonly string[]> {
  const script = `grpcurl() { printf '%s\\0' "$@"; }; ${command}`;
  const { stdout } = await run('sh', ['-c', script], { env: {}, maxBuffer: 1 << 24 });
  return stdout.split('\0').slice(0, -1);
}

function textOf(command: ReturnType<typeof grpcurlCommand>): string {
  if ('refusal' in command) throw new Error(command.refusal);
  return command.text;
}

const hostile = [
  `O'Brien`,
  `''; rm -rf / #`,
  '$(id) `id` $HOME \\ \\\' "quoted" !history',
  'first line\nsecond line\ttab\r\n',
  'Łódź 🦄 \u202eright to left\u202c \u2028 \ufeff',
  '-max-time',
  '@',
];

test.each(hostile)('a shell gives grpcurl the request as it was, for the name %j', async (name) => {
  const request = CreateUserRequest.create({ name, email: 'a@example.org', metadata: { [name]: name } });
  const { call } = recordCall('CreateUser', CreateUserRequest, request);
  const words = await wordsOf(textOf(grpcurlCommand(call)));
  expect(words.slice(-2)).toEqual(['localhost:50051', 'userservice.v1.UserService/CreateUser']);
  const data = words[words.indexOf('-d') + 1] ?? '';
  expect(CreateUserRequest.fromJsonString(data)).toEqual(request);
});

test('quoting brings any text through a shell', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 }).map((each) => each.replaceAll('\0', '').toWellFormed());
  const texts = fc.sample(text, 500);
  expect(await wordsOf(`grpcurl ${texts.map(quote).join(' ')}`)).toEqual(texts);
});

test('the deadline and the metadata go along, but for what the transport adds itself', async () => {
  const { call } = recordCall('GetUser', GetUserRequest, GetUserRequest.create({ id: 'a' }), {
    timeoutMs: 1500,
    metadata: { 'x-request-id': 'r1', 'x-color': ['red', `it's`], 'content-type': 'application/grpc-web+proto' },
  });
  expect(await wordsOf(textOf(grpcurlCommand(call)))).toEqual([
    '-plaintext',
    '-max-time',
    '1.5',
    '-H',
    'x-color: red',
    '-H',
    `x-color: it's`,
    '-d',
    '{"id":"a"}',
    'localhost:50051',
    'userservice.v1.UserService/GetUser',
  ]);
});

test('a token is never in the command; a variable stands for it', async () => {
  const { call } = recordCall('GetUser', GetUserRequest, GetUserRequest.create({ id: 'a' }), {
    metadata: { authorization: 'Bearer abc', cookie: 'abc' },
  });
  const text = textOf(grpcurlCommand(call));
  expect(text).not.toContain('abc');
  expect(await wordsOf(`AUTHORIZATION='Bearer mine'; ${text}`)).toContain('authorization: Bearer mine');
});

test('a field mask is said as ProtoJSON says it', async () => {
  const request = UpdateUserRequest.create({
    id: 'a',
    user: User.create({ name: 'x', address: { postalCode: '1' } }),
    updateMask: { paths: ['name', 'address.postal_code'] },
    baseRevision: 7,
  });
  const { call } = recordCall('UpdateUser', UpdateUserRequest, request);
  const words = await wordsOf(textOf(grpcurlCommand(call)));
  const data = words[words.indexOf('-d') + 1] ?? '';
  expect(UpdateUserRequest.fromJsonString(data)).toEqual(request);
});

test('a field mask that ProtoJSON cannot say is refused instead of said wrong', () => {
  const request = UpdateUserRequest.create({ id: 'a', updateMask: { paths: ['metadata.`Cost_Centre`'] } });
  const { call } = recordCall('UpdateUser', UpdateUserRequest, request);
  expect(grpcurlCommand(call)).toEqual({ refusal: expect.stringContaining('field mask') });
});
