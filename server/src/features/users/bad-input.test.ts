import { type User, UserFeed, UserRole } from '@roster/proto/gen/userservice/v1/user';
import {
  CreateUserRequest,
  DeleteUserRequest,
  type ListUsersRequest,
  UndeleteUserRequest,
  UpdateUserRequest,
} from '@roster/proto/gen/userservice/v1/user_service';
import type { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestApp } from '../../testing/test-app.ts';
import { type CallFailure, failed, failedRaw } from './testing/call-failure.ts';
import { createOne, list, someone } from './testing/user-calls.ts';

/** One server for the whole table: that it answers the last row shows that it outlived the others. */
let app: Awaited<ReturnType<typeof openTestApp>>;
let ada: User;
beforeAll(async () => {
  app = await openTestApp();
  ada = await createOne(app.client, { name: 'Ada', metadata: { team: 'x' } });
});

afterAll(() => app.close());

type Bad = readonly [
  what: string,
  call: (client: UserServiceClient) => PromiseLike<unknown>,
  answer: Partial<CallFailure>,
];

const create = (fields: Parameters<typeof CreateUserRequest.create>[0]) => (client: UserServiceClient) =>
  client.createUser(someone(fields));
const update = (request: Parameters<typeof UpdateUserRequest.create>[0]) => (client: UserServiceClient) =>
  client.updateUser(UpdateUserRequest.create({ id: ada.id, ...request }));
const listing = (request: Partial<ListUsersRequest>) => (client: UserServiceClient) => list(client, request);
const invalid = (...violations: string[]) => ({
  code: 'INVALID_ARGUMENT',
  reason: violations[0]?.split(' ')[1],
  violations,
});
/** A value that the enum does not have. */
const outside = (value: number): number => value;
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `k${index}`);
const entries = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, 'v']));

const badCreates: readonly Bad[] = [
  ['no name', create({ name: '' }), invalid('name REQUIRED')],
  ['a name of spaces', create({ name: '\u3000 ' }), invalid('name REQUIRED')],
  ['a name of what cannot be seen', create({ name: '\u200b\u2060\u3164' }), invalid('name REQUIRED')],
  ['a NUL in the name', create({ name: 'A\0da' }), invalid('name CHARACTER_NOT_ALLOWED')],
  ['a control character in the name', create({ name: 'A\u0085da' }), invalid('name CHARACTER_NOT_ALLOWED')],
  ['a NUL in a metadata value', create({ metadata: { team: '\0' } }), invalid('metadata.team CHARACTER_NOT_ALLOWED')],
  ['a NUL in a metadata key', create({ metadata: { 'a\0': 'v' } }), invalid('metadata.`a\0` CHARACTER_NOT_ALLOWED')],
  ['a NUL in a tag', create({ tags: ['ok', '\0'] }), invalid('tags[1] CHARACTER_NOT_ALLOWED')],
  ['a NUL in an address', create({ address: { city: '\0' } }), invalid('address.city CHARACTER_NOT_ALLOWED')],
  ['a name of 201 characters', create({ name: 'a'.repeat(201) }), invalid('name TOO_LONG')],
  [
    'an address line of 201',
    create({ address: { postalCode: 'a'.repeat(201) } }),
    invalid('address.postal_code TOO_LONG'),
  ],
  ['role 0', create({ role: UserRole.UNSPECIFIED }), invalid('role ROLE_UNKNOWN')],
  ['role 99', create({ role: outside(99) }), invalid('role ROLE_UNKNOWN')],
  ['role -1', create({ role: outside(-1) }), invalid('role ROLE_UNKNOWN')],
  ['state 99', create({ state: outside(99) }), invalid('state STATE_UNKNOWN')],
  ['51 tags', create({ tags: numbered(51) }), invalid('tags TOO_MANY')],
  ['a tag twice', create({ tags: ['a', 'b', 'a'] }), invalid('tags[2] DUPLICATE')],
  ['an empty tag', create({ tags: [''] }), invalid('tags[0] REQUIRED')],
  ['a tag of 65', create({ tags: ['a'.repeat(65)] }), invalid('tags[0] TOO_LONG')],
  ['65 metadata entries', create({ metadata: entries(numbered(65)) }), invalid('metadata TOO_MANY')],
  ['a metadata value of 1025', create({ metadata: { k: 'a'.repeat(1025) } }), invalid('metadata.k TOO_LONG')],
  ['an empty metadata key', create({ metadata: { '': 'v' } }), { code: 'INVALID_ARGUMENT', reason: 'REQUIRED' }],
  ['an id that is no UUID', create({ id: '42' }), invalid('id UUID_INVALID')],
  ['a request id that is no UUID', create({ requestId: 'again' }), invalid('request_id UUID_INVALID')],
  [
    'several mistakes at once',
    create({ name: '', email: 'x', role: outside(7) }),
    invalid('name REQUIRED', 'email EMAIL_INVALID', 'role ROLE_UNKNOWN'),
  ],
];

const badEmails = ['', ' ', 'ada', '@', 'ada@', '@example.org', 'a@b@c.org', 'a b@c.org', 'ada@-c.org', 'ada@c-.org']
  .concat(['ada@c..org', 'ada@.org', 'ada@c.org.', '"a"@c.org', 'a,b@c.org', '<a@c.org>', 'ada@c_d.org', 'ada@[::1]'])
  .map((email): Bad => {
    const reason = email.trim() === '' ? 'REQUIRED' : 'EMAIL_INVALID';
    return [`the email “${email}”`, create({ email }), invalid(`email ${reason}`)];
  });

const badUpdates: readonly Bad[] = [
  ['an unknown mask path', update({ updateMask: { paths: ['nickname'] } }), invalid('update_mask PATH_UNKNOWN')],
  [
    'a mask path in camel case',
    update({ updateMask: { paths: ['address.postalCode'] } }),
    invalid('update_mask PATH_UNKNOWN'),
  ],
  ['an empty mask path', update({ updateMask: { paths: [''] } }), invalid('update_mask PATH_UNKNOWN')],
  ['an unclosed backtick', update({ updateMask: { paths: ['metadata.`a'] } }), invalid('update_mask PATH_UNKNOWN')],
  ['`*` beside others', update({ updateMask: { paths: ['*', 'name'] } }), invalid('update_mask PATH_UNKNOWN')],
  ['a mask of 300 paths', update({ updateMask: { paths: numbered(300) } }), invalid('update_mask TOO_MANY')],
  ['a masked name left out', update({ updateMask: { paths: ['name'] } }), invalid('user.name REQUIRED')],
  ['a masked role left out', update({ user: {}, updateMask: { paths: ['role'] } }), invalid('user.role ROLE_UNKNOWN')],
  ['role 99', update({ user: { role: outside(99) } }), invalid('user.role ROLE_UNKNOWN')],
  ['a negative base', update({ user: { name: 'B' }, baseRevision: -1 }), invalid('base_revision OUT_OF_RANGE')],
  ['a feed', update({ user: { feed: UserFeed.create() } }), invalid('user.feed FIELD_SERVER_OWNED')],
  ['no id', update({ id: '' }), invalid('id REQUIRED')],
  ['an id that is no UUID', update({ id: '42' }), invalid('id ID_INVALID')],
  ['a request id that is no UUID', update({ requestId: '42' }), invalid('request_id UUID_INVALID')],
  [
    'an unknown id',
    update({ id: crypto.randomUUID(), user: { name: 'B' } }),
    { code: 'NOT_FOUND', violations: ['id NOT_FOUND'] },
  ],
  ...['id', 'created_at', 'updated_at', 'revision', 'deleted_at', 'feed', 'created_at.seconds'].map(
    (path): Bad => [
      `the server's own ${path} in a mask`,
      update({ updateMask: { paths: ['name', path] } }),
      invalid('update_mask FIELD_SERVER_OWNED'),
    ],
  ),
];

const badOthers: readonly Bad[] = [
  ['GetUser without id', (client) => client.getUser({ id: '' }), invalid('id REQUIRED')],
  ['GetUser of no UUID', (client) => client.getUser({ id: "' or 1=1 --" }), invalid('id ID_INVALID')],
  [
    'GetUser of an unknown id',
    (client) => client.getUser({ id: crypto.randomUUID() }),
    { code: 'NOT_FOUND', reason: 'NOT_FOUND', violations: ['id NOT_FOUND'] },
  ],
  [
    'DeleteUser of no UUID',
    (client) => client.deleteUser(DeleteUserRequest.create({ id: 'x' })),
    invalid('id ID_INVALID'),
  ],
  [
    'DeleteUser with a negative base',
    (client) => client.deleteUser(DeleteUserRequest.create({ id: ada.id, baseRevision: -1 })),
    invalid('base_revision OUT_OF_RANGE'),
  ],
  [
    'DeleteUser of an unknown id',
    (client) => client.deleteUser(DeleteUserRequest.create({ id: crypto.randomUUID() })),
    { code: 'NOT_FOUND', violations: ['id NOT_FOUND'] },
  ],
  [
    'UndeleteUser of no UUID',
    (client) => client.undeleteUser(UndeleteUserRequest.create({ id: 'x' })),
    invalid('id ID_INVALID'),
  ],
  [
    'UndeleteUser of an unknown id',
    (client) => client.undeleteUser(UndeleteUserRequest.create({ id: crypto.randomUUID() })),
    { code: 'NOT_FOUND', violations: ['id NOT_FOUND'] },
  ],
  ['a negative page size', listing({ pageSize: -1 }), invalid('page_size OUT_OF_RANGE')],
  ['a negative skip', listing({ skip: -1 }), invalid('skip OUT_OF_RANGE')],
  ['a page token of nobody', listing({ pageToken: 'abc' }), invalid('page_token PAGE_TOKEN_INVALID')],
  ['a page token with a NUL', listing({ pageToken: '\0' }), invalid('page_token PAGE_TOKEN_INVALID')],
  ['nonsense to order by', listing({ orderBy: 'name; drop table users' }), invalid('order_by ORDER_UNKNOWN')],
  ['two orders', listing({ orderBy: 'name, email' }), invalid('order_by ORDER_UNKNOWN')],
  ['a resume token without watch', listing({ resumeToken: 'abc' }), invalid('resume_token WATCH_REQUIRED')],
  [
    'a broken filter',
    listing({ filter: 'name = "😀" AND ==' }),
    { code: 'INVALID_ARGUMENT', reason: 'FILTER_SYNTAX', violations: ['filter FILTER_SYNTAX'], info: { column: '16' } },
  ],
  [
    'a NUL in a filter',
    listing({ filter: 'name = "\0"' }),
    { code: 'INVALID_ARGUMENT', violations: ['filter FILTER_SYNTAX'] },
  ],
];

test.each([...badCreates, ...badEmails])(
  '42. CreateUser with %s is refused and says where and why',
  async (_, call, answer) => {
    expect(await failed(call(app.client))).toMatchObject(answer);
  },
);

test.each(badUpdates)('42. UpdateUser with %s is refused and says where and why', async (_, call, answer) => {
  expect(await failed(call(app.client))).toMatchObject(answer);
});

test.each(badOthers)('42. %s is refused and says where and why', async (_, call, answer) => {
  expect(await failed(call(app.client))).toMatchObject(answer);
});

const field = (number: number, bytes: Uint8Array): Buffer => {
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes]);
};
const entry = (key: string) => field(6, Buffer.concat([field(1, Buffer.from(key)), field(2, Buffer.from('v'))]));

test.each([
  ['a lone surrogate in the name', () => field(1, Buffer.from([0xed, 0xa0, 0x80])), 'MALFORMED_MESSAGE'],
  ['bytes that are no UTF-8', () => field(1, Buffer.from([0xc3, 0x28])), 'MALFORMED_MESSAGE'],
  [
    '`__proto__` as a metadata key',
    () => Buffer.concat([CreateUserRequest.toBinary(someone()), entry('__proto__')]),
    'KEY_NOT_ALLOWED',
  ],
  ['a length past the end', () => Buffer.from([10, 100, 65]), 'MALFORMED_MESSAGE'],
  ['300 KB', () => CreateUserRequest.toBinary(someone({ name: 'a'.repeat(300_000) })), 'MESSAGE_TOO_LARGE'],
])('42. a message with %s is INVALID_ARGUMENT', async (_, bytes, reason) => {
  expect(await failedRaw(app, 'CreateUser', bytes())).toMatchObject({ code: 'INVALID_ARGUMENT', reason });
});

test('a violation stays readable though the text at fault is huge', async () => {
  const long = 'k'.repeat(60_000);
  const { message, violations } = await failed(create({ metadata: { [long]: 'v' }, tags: [long, long] })(app.client));
  expect(message.length).toBeLessThan(2000);
  expect(violations.map((violation) => violation.split(' ')[1])).toEqual(['TOO_LONG', 'DUPLICATE', 'TOO_LONG']);
});

test('10. nothing of all that was stored', async () => {
  expect((await list(app.client)).users).toEqual([ada]);
});
