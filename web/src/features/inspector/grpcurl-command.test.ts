import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { User } from '@roster/proto/gen/userservice/v1/user';
import { CreateUserRequest, GetUserRequest, UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
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

test('quoting brings every character of ASCII and a step beyond through a shell, alone and beside quotes', async () => {
  const characters = Array.from({ length: 0x1ff }, (_, index) => String.fromCodePoint(index + 1));
  const texts = characters.flatMap((character) => [character, `'${character}`, `${character}'${character}`]);
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
    'authorization: Bearer ',
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

test('a token is never in the command; a variable stands for it, and for a port that is not the usual one', async () => {
  const { call } = recordCall('GetUser', GetUserRequest, GetUserRequest.create({ id: 'a' }), {
    metadata: { authorization: 'Bearer abc', cookie: 'abc' },
  });
  const text = textOf(grpcurlCommand(call));
  expect(text).not.toContain('abc');
  expect(await wordsOf(`ROSTER_TOKEN=mine; ${text}`)).toContain('authorization: Bearer mine');
  expect(await wordsOf(`ROSTER_GRPC_PORT=18432; ${text}`)).toContain('localhost:18432');
});

test('a field mask is said as grpcurl reads it, whatever its paths', async () => {
  const paths = ['name', 'address.postal_code', 'metadata.`Cost_Centre`'];
  const request = UpdateUserRequest.create({ id: 'a', user: User.create({ name: 'x' }), updateMask: { paths } });
  const { call } = recordCall('UpdateUser', UpdateUserRequest, request);
  const words = await wordsOf(textOf(grpcurlCommand(call)));
  expect(JSON.parse(words[words.indexOf('-d') + 1] ?? '')).toEqual({
    id: 'a',
    user: { name: 'x' },
    updateMask: { paths },
  });
});

test('a call whose request is no longer there has no command', () => {
  const { call } = recordCall('GetUser', GetUserRequest, GetUserRequest.create({ id: 'a' }));
  call.request.bytes = undefined;
  expect(grpcurlCommand(call)).toHaveProperty('refusal');
});
