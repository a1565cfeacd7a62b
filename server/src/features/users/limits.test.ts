import { UserState } from '@roster/proto/gen/userservice/v1/user';
import type { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { limits } from '@roster/proto/limits';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestApp } from '../../testing/test-app.ts';
import { failed } from './testing/call-failure.ts';
import { createOne, list, read, someone, update } from './testing/user-calls.ts';

let client: UserServiceClient;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ client, close } = await openTestApp());
});
afterAll(() => close());

/** A key of 64 characters. */
const key = (index: number) => `${'🗝'.repeat(62)}${index + 10}`;

test('10. what is just within the limits comes back character for character', async () => {
  const metadata = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [key(index), `v${index}`]));
  const fields = {
    name: '🦊'.repeat(200),
    email: `${'é'.repeat(241)}@exämple.org`,
    tags: Array.from({ length: 50 }, (_, index) => `${'𝔸'.repeat(62)}${index + 10}`),
    metadata: { ...metadata, [key(0)]: '𝔹'.repeat(1024) },
    address: { street: '𝕊'.repeat(200), city: '', state: '', country: '', postalCode: '' },
  };
  const created = await createOne(client, fields);
  expect(created).toMatchObject(fields);
  expect(await read(client, created.id)).toEqual(created);
});

const repeated = (count: number, one: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => one(index));
const entriesOf = (count: number) =>
  Object.fromEntries(repeated(count, (index) => `k${index}`).map((name) => [name, 'v']));

/** Makes fields of a size, and says what is at fault where they are larger than the limit. */
const creates: readonly (readonly [
  string,
  number,
  (size: number) => NonNullable<Parameters<typeof someone>[0]>,
  string,
])[] = [
  ['characters of a name', limits.nameLength, (size) => ({ name: '🦊'.repeat(size) }), 'name TOO_LONG'],
  [
    'characters of an email',
    limits.emailLength,
    (size) => ({ email: `${unique()}${'e'.repeat(size - 48)}@example.org` }),
    'email TOO_LONG',
  ],
  [
    'characters of an address line',
    limits.addressLineLength,
    (size) => ({ address: { city: 'é'.repeat(size) } }),
    'address.city TOO_LONG',
  ],
  ['tags', limits.tags, (size) => ({ tags: repeated(size, (index) => `t${index}`) }), 'tags TOO_MANY'],
  ['characters of a tag', limits.tagLength, (size) => ({ tags: ['𝔸'.repeat(size)] }), 'tags[0] TOO_LONG'],
  ['metadata entries', limits.metadataEntries, (size) => ({ metadata: entriesOf(size) }), 'metadata TOO_MANY'],
  [
    'characters of a metadata key',
    limits.metadataKeyLength,
    (size) => ({ metadata: { ['k'.repeat(size)]: 'v' } }),
    'metadata.kkk TOO_LONG',
  ],
  [
    'characters of a metadata value',
    limits.metadataValueLength,
    (size) => ({ metadata: { k: '𝔹'.repeat(size) } }),
    'metadata.k TOO_LONG',
  ],
];
const unique = () => crypto.randomUUID();

test.each(creates)('44. %s: %i are stored, one more is refused and named', async (_, limit, fields, fault) => {
  const within = fields(limit);
  expect(await createOne(client, within)).toMatchObject(within);
  const { code, violations } = await failed(client.createUser(someone(fields(limit + 1))));
  expect(code).toBe('INVALID_ARGUMENT');
  expect(violations.map((violation) => violation.replace(/k{4,}/, 'kkk'))).toEqual([fault]);
});

const filters: readonly (readonly [string, number, (size: number) => string])[] = [
  ['characters of a filter', limits.filterLength, (size) => `"${'x'.repeat(size - 2)}"`],
  ['terms of a filter', limits.filterTerms, (size) => repeated(size, (index) => `t${index}`).join(' ')],
  ['parentheses in each other', limits.filterDepth, (size) => `${'('.repeat(size)}nobodyhasthis${')'.repeat(size)}`],
];

test.each(filters)('44. %s: %i are read, one more is refused', async (_, limit, filter) => {
  expect((await list(client, { filter: filter(limit) })).users).toEqual([]);
  expect(await failed(list(client, { filter: filter(limit + 1) }))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    violations: ['filter FILTER_SYNTAX'],
  });
});

test.each([
  'a@b',
  'ada+tag@sub.example.org',
  'o’neil@example.org',
  '用户@例え.jp',
  'user@xn--r8jz45g.jp',
  "a!#$%&'*/=?^_`{|}~-@x.org",
])('10. the email %s is accepted and comes back as it is', async (email) => {
  expect((await createOne(client, { email })).email).toBe(email);
});

test.each(['constructor', 'toString', 'hasOwnProperty', '1', '`', 'a.b', ' ', 'ключ'])(
  '10. the metadata key “%s” is a key like any other',
  async (key) => {
    const { id } = await createOne(client, { metadata: { [key]: 'v', other: 'w' } });
    expect((await read(client, id)).metadata).toEqual({ [key]: 'v', other: 'w' });
  },
);

test('10. names that grow when they are folded for sorting are stored, or refused by name', async () => {
  const growing = growingCharacters();
  const name = growing.slice(0, 200).join('');
  const email = `${growing.slice(0, 240).join('')}@example.org`;
  const created = await createOne(client, { name, email });
  expect(await read(client, created.id)).toMatchObject({ name, email });
  expect((await list(client, { orderBy: 'name' })).users.map(({ id }) => id)).toContain(created.id);
});

/** The characters whose compatibility forms are longest in UTF-8, the longest first. */
function growingCharacters(): string[] {
  const emailShape = /^[^\s@"(),:;<>[\\\]]+$/u;
  const found: { readonly text: string; readonly bytes: number }[] = [];
  for (let point = 0xa0; point < 0x30000; point += 1) {
    if (point >= 0xd800 && point < 0xe000) continue;
    const text = String.fromCodePoint(point);
    const bytes = Buffer.byteLength(text.normalize('NFKD').replace(/\p{M}+/gu, ''));
    if (bytes > 4 && emailShape.test(text)) found.push({ text, bytes });
  }
  return found.sort((a, b) => b.bytes - a.bytes).map(({ text }) => text);
}

test('44. a user whose parts are within their limits but that fits no message is refused', async () => {
  const { id } = await createOne(client);
  const part = (from: number) =>
    Object.fromEntries(Array.from({ length: 32 }, (_, index) => [key(from + index), '𝔹'.repeat(1024)]));
  const paths = (entries: object) => Object.keys(entries).map((key) => `metadata.\`${key}\``);
  const first = part(0);
  const second = part(32);
  await update(client, { id, user: { metadata: first }, updateMask: { paths: paths(first) } });
  const refused = await failed(
    update(client, { id, user: { metadata: second }, updateMask: { paths: paths(second) } }),
  );
  expect(refused).toMatchObject({ code: 'INVALID_ARGUMENT', violations: ['user.metadata TOO_LARGE'] });
});

test('a state left out means active, and a suspended user can be made at once', async () => {
  expect((await createOne(client)).state).toBe(UserState.ACTIVE);
  expect((await client.createUser(someone({ state: UserState.SUSPENDED })).response).user?.state).toBe(
    UserState.SUSPENDED,
  );
});
