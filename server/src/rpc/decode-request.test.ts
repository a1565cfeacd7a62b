import { BinaryWriter, WireType } from '@protobuf-ts/runtime';
import { User } from '@roster/proto/gen/userservice/v1/user';
import { CreateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { limits } from '@roster/proto/limits';
import { expect, test } from 'vitest';
import { detailsOf, failureOf } from './read-failure.ts';
import { RpcError } from './rpc-error.ts';
import { frame, openRawCall, startTestServer, userOf } from './test-server.ts';

const createUser = '/userservice.v1.UserService/CreateUser';
const bulkCreateUsers = '/userservice.v1.UserService/BulkCreateUsers';
const updateUser = '/userservice.v1.UserService/UpdateUser';

/** `count` groups in each other, in a field that nobody knows: each costs the decoder a call. */
const nestedGroups = (count: number): Buffer => Buffer.concat([Buffer.alloc(count, 0x7b), Buffer.alloc(count, 0x7c)]);

const refused: readonly {
  what: string;
  path: string;
  bytes: Uint8Array;
  reason: string;
  fields?: readonly string[];
}[] = [
  {
    what: 'bytes that are no protobuf',
    path: createUser,
    bytes: Buffer.from('not protobuf'),
    reason: 'MALFORMED_MESSAGE',
  },
  {
    what: 'a length beyond the end',
    path: createUser,
    bytes: Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]),
    reason: 'MALFORMED_MESSAGE',
  },
  {
    what: 'text that is no UTF-8',
    path: createUser,
    bytes: Buffer.from([0x0a, 0x02, 0xc0, 0x80]),
    reason: 'MALFORMED_MESSAGE',
  },
  {
    what: 'an encoded surrogate',
    path: createUser,
    bytes: Buffer.from([0x0a, 0x03, 0xed, 0xa0, 0x80]),
    reason: 'MALFORMED_MESSAGE',
  },
  {
    what: 'a hundred thousand nested groups',
    path: createUser,
    bytes: nestedGroups(100_000),
    reason: 'MALFORMED_MESSAGE',
  },
  { what: 'users nested in users', path: updateUser, bytes: nestedUsers(20), reason: 'MALFORMED_MESSAGE' },
  {
    what: 'users nested in users seven thousand times',
    path: updateUser,
    bytes: nestedUsers(7_000),
    reason: 'MALFORMED_MESSAGE',
  },
  {
    what: 'a message over 256 KiB',
    path: createUser,
    bytes: createRequest({ name: 'x'.repeat(300_000) }),
    reason: 'MESSAGE_TOO_LARGE',
  },
  {
    what: 'a metadata key __proto__',
    path: createUser,
    bytes: withMetadataKey('__proto__'),
    reason: 'KEY_NOT_ALLOWED',
    fields: ['metadata'],
  },
  {
    what: 'a nested metadata key __proto__',
    path: updateUser,
    bytes: inUser(withKey('__proto__', 9)),
    reason: 'KEY_NOT_ALLOWED',
    fields: ['metadata'],
  },
];

test.each(refused)(
  '42. $what: INVALID_ARGUMENT, $reason, and the handler does not run',
  async ({ path, bytes, reason, fields = [] }) => {
    const { port, logLines } = await startTestServer({});
    const { stream, status } = openRawCall(port, path);
    stream.resume().end(frame(bytes));
    const received = await status;
    expect(received['grpc-status']).toBe('3');
    expect(detailsOf(received['grpc-status-details-bin'])).toMatchObject({ reason, fields });
    expect(logLines).toContainEqual(expect.objectContaining({ method: path, code: 'INVALID_ARGUMENT' }));
  },
);

test('42. an unreadable message in the middle of a request stream comes to the handler as its error, in its place, and ends no other', async () => {
  const read: string[] = [];
  const { port } = await startTestServer({
    async bulkCreateUsers(requests) {
      for await (const request of requests) read.push(request instanceof RpcError ? request.message : request.name);
      return { createdCount: 0, failedIds: [], failures: [] };
    },
  });
  const { stream, status } = openRawCall(port, bulkCreateUsers);
  stream.write(frame(createRequest({ name: 'first' })));
  stream.write(frame(Buffer.from('not protobuf')));
  stream.write(frame(createRequest({ name: 'third' })));
  stream.resume().end();
  expect((await status)['grpc-status']).toBe('0');
  expect(read).toEqual(['first', 'The message is not valid protobuf.', 'third']);
});

test('44. a message of just the limit is read and one byte more is refused; odd keys and the text __proto__ in a name are let through as they are', async () => {
  const { client } = await startTestServer({
    async createUser({ name, metadata }) {
      return { user: { ...userOf('1'), name: name.slice(0, 20), metadata } };
    },
  });
  const odd = { constructor: 'a', toString: 'b', hasOwnProperty: 'c', __proto__x: '__proto__' };
  const { response } = await client.createUser(CreateUserRequest.create({ name: '__proto__', metadata: odd }));
  expect(response.user).toMatchObject({ name: '__proto__', metadata: odd });

  const rest = createRequest({ name: '' }).byteLength;
  const full = CreateUserRequest.create({ name: 'x'.repeat(limits.messageBytes - rest - 4) });
  expect(CreateUserRequest.toBinary(full).byteLength).toBe(limits.messageBytes);
  expect((await client.createUser(full)).response.user?.name).toBe('x'.repeat(20));
  const over = CreateUserRequest.create({ name: `${full.name}x` });
  expect(await failureOf(client.createUser(over))).toMatchObject({
    reason: 'MESSAGE_TOO_LARGE',
    info: { limitBytes: '262144' },
  });
});

test('41. a message of 20 KB in writes of one byte is read like any other', async () => {
  const { port } = await startTestServer({ createUser: async ({ name }) => ({ user: userOf(String(name.length)) }) });
  const { stream, status } = openRawCall(port, createUser);
  const bytes = frame(createRequest({ name: 'x'.repeat(20_000) }));
  for (const byte of bytes) stream.write(Buffer.of(byte));
  stream.resume().end();
  expect((await status)['grpc-status']).toBe('0');
});

function createRequest(fields: Partial<CreateUserRequest>): Uint8Array {
  return CreateUserRequest.toBinary(CreateUserRequest.create(fields));
}

/** A map entry, which protobuf-ts itself could not write for `__proto__`. */
function withKey(key: string, fieldNo: number): Uint8Array {
  const entry = new BinaryWriter()
    .tag(1, WireType.LengthDelimited)
    .string(key)
    .tag(2, WireType.LengthDelimited)
    .string('x')
    .finish();
  return new BinaryWriter().tag(fieldNo, WireType.LengthDelimited).bytes(entry).finish();
}

function withMetadataKey(key: string): Uint8Array {
  return Buffer.concat([createRequest({ name: 'Ada' }), withKey(key, 6)]);
}

function inUser(user: Uint8Array): Uint8Array {
  return new BinaryWriter().tag(2, WireType.LengthDelimited).bytes(user).finish();
}

/** An update of a user whose feed holds a change that holds a user, and so on. */
function nestedUsers(depth: number): Uint8Array {
  let user: Uint8Array = User.toBinary(User.create({ id: 'x' }));
  for (let level = 0; level < depth; level += 1) {
    const changes = new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(user).finish();
    const feed = new BinaryWriter().tag(2, WireType.LengthDelimited).bytes(changes).finish();
    user = new BinaryWriter().tag(15, WireType.LengthDelimited).bytes(feed).finish();
  }
  return inUser(user);
}
