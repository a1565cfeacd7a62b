import { type User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import type { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../database/database.ts';
import { openTestApp } from '../../testing/test-app.ts';
import { failed } from './testing/call-failure.ts';
import { createOne, read, update } from './testing/user-calls.ts';

let client: UserServiceClient;
let database: Database;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ client, database, close } = await openTestApp());
});
afterAll(() => close());

const full = {
  name: 'Ada',
  role: UserRole.EDITOR,
  state: UserState.SUSPENDED,
  tags: ['a', 'b'],
  metadata: { team: 'x', 'a.b': '1', 'tick`s': '2' },
  address: { street: 'S', city: 'C', state: 'St', country: 'DE', postalCode: '1' },
};

/** Edits a new user who has everything, and returns how it was and is; what was answered must be what is stored. */
async function edit(patch: Partial<User>, paths?: string[]): Promise<{ before: User; after: User }> {
  const before = await createOne(client, full);
  const mask = paths ? { updateMask: { paths } } : {};
  const after = await update(client, { id: before.id, user: patch, ...mask });
  expect(await read(client, before.id)).toEqual(after);
  return { before, after };
}

const unset = { id: '', name: '', email: '', role: 0, state: 0, tags: [], metadata: {}, revision: 0 };

test('without a mask the populated fields change, and no other', async () => {
  const { before, after } = await edit({ ...unset, name: 'Grace', metadata: { team: 'y' } });
  const { revision, updatedAt } = after;
  expect(after).toEqual({ ...before, name: 'Grace', metadata: { team: 'y' }, revision, updatedAt });
  expect(revision).toBeGreaterThan(before.revision);
});

test('an empty mask is an absent one', async () => {
  const { before, after } = await edit({ ...unset, name: 'Grace' }, []);
  expect(after).toMatchObject({ name: 'Grace', role: before.role, tags: before.tags });
});

test('`*` replaces all that a client owns, and clears what is left out', async () => {
  const email = `${crypto.randomUUID()}@example.org`;
  const { before, after } = await edit({ ...unset, name: 'Grace', email, role: UserRole.VIEWER }, ['*']);
  expect(after).toMatchObject({
    name: 'Grace',
    email,
    role: UserRole.VIEWER,
    state: UserState.ACTIVE,
    tags: [],
    metadata: {},
  });
  expect(after).toMatchObject({ id: before.id, createdAt: before.createdAt });
  expect(after.address).toBeUndefined();
});

test('39. what the server owns is ignored in the user of an update', async () => {
  const at = { seconds: '1', nanos: 0 };
  const forged = {
    ...unset,
    id: crypto.randomUUID(),
    name: 'Grace',
    revision: 1,
    createdAt: at,
    updatedAt: at,
    deletedAt: at,
  };
  const { before, after } = await edit(forged);
  expect(after).toMatchObject({ id: before.id, createdAt: before.createdAt, name: 'Grace' });
  expect(after.deletedAt).toBeUndefined();
  expect(after.updatedAt).not.toEqual(at);
});

test.each([
  ['tags', { tags: [] }],
  ['metadata', { metadata: {} }],
  ['address.city', { address: { ...full.address, city: '' } }],
  ['address.postal_code', { address: { ...full.address, postalCode: '' } }],
  ['metadata.team', { metadata: { 'a.b': '1', 'tick`s': '2' } }],
  ['metadata.`a.b`', { metadata: { team: 'x', 'tick`s': '2' } }],
  ['metadata.`tick``s`', { metadata: { team: 'x', 'a.b': '1' } }],
  ['state', { state: UserState.ACTIVE }],
])('a masked %s that is left out is cleared, and nothing beside it', async (path, expected) => {
  const { before, after } = await edit(unset, [path]);
  expect(after).toEqual({ ...before, ...expected, revision: after.revision, updatedAt: after.updatedAt });
});

test('a masked address that is left out is gone', async () => {
  expect((await edit(unset, ['address'])).after.address).toBeUndefined();
});

test('the last line of an address that is cleared takes the address with it', async () => {
  const { id } = await createOne(client, { address: { city: 'C' } });
  expect((await update(client, { id, updateMask: { paths: ['address.city'] } })).address).toBeUndefined();
});

test('a nested path changes its line or key alone, and makes what was not there', async () => {
  const patch = {
    ...unset,
    address: { ...full.address, city: 'Łódź', street: 'ignored' },
    metadata: { 'a.b': '9', fresh: 'n', team: 'ignored' },
  };
  const { after } = await edit(patch, ['address.city', 'metadata.`a.b`', 'metadata.fresh']);
  expect(after.address).toEqual({ ...full.address, city: 'Łódź' });
  expect(after.metadata).toEqual({ ...full.metadata, 'a.b': '9', fresh: 'n' });
});

test('an edit that changes nothing leaves no revision, time or history behind', async () => {
  const { before, after } = await edit({ ...unset, ...full, name: ' Ada ' }, [
    'name',
    'role',
    'tags',
    'metadata',
    'address',
    'state',
  ]);
  expect(after).toEqual(before);
});

test('an update without anything to change answers with the user', async () => {
  const { before, after } = await edit(unset);
  expect(after).toEqual(before);
});

test('an edit is judged by the fields that it names: one that is stored and no longer allowed does not stand in its way', async () => {
  const { id } = await createOne(client);
  await database.run(undefined, (connection) =>
    connection.query(`update users set email = 'from an older rule' where id = $1`, [id]),
  );
  expect(await update(client, { id, user: { name: 'B' } })).toMatchObject({ name: 'B', email: 'from an older rule' });
  const refused = await failed(update(client, { id, updateMask: { paths: ['email', 'tags'] } }));
  expect(refused.violations).toEqual(['user.email REQUIRED']);
});

test('the order of tags is a change', async () => {
  const { before, after } = await edit({ ...unset, tags: ['b', 'a'] });
  expect(after.revision).toBeGreaterThan(before.revision);
  expect(after.tags).toEqual(['b', 'a']);
});
