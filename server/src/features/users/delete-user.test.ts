import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import type { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestApp, startTestApp } from '../../testing/test-app.ts';
import { failed } from './testing/call-failure.ts';
import { createOne, list, read, remove, restore, update } from './testing/user-calls.ts';

let client: UserServiceClient;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ client, close } = await openTestApp());
});
afterAll(() => close());

test('a deleted user can still be read, says when it was deleted, and is otherwise what it was', async () => {
  const before = await createOne(client, { tags: ['a'] });
  await remove(client, before.id);
  const after = await read(client, before.id);
  const { revision, updatedAt, deletedAt } = after;
  expect(after).toEqual({ ...before, revision, updatedAt, deletedAt });
  expect(deletedAt).toEqual(updatedAt);
  expect(revision).toBeGreaterThan(before.revision);
});

test('lists leave deleted users out, and show them when asked to', async () => {
  const { client: own } = await startTestApp();
  const gone = await createOne(own, { name: 'Gone' });
  const here = await createOne(own, { name: 'Here' });
  await remove(own, gone.id);
  const alive = await list(own, { orderBy: 'name' });
  expect([alive.users.map(({ id }) => id), alive.totalSize]).toEqual([[here.id], 1]);
  const all = await list(own, { orderBy: 'name', showDeleted: true });
  expect([all.users.map(({ id }) => id), all.totalSize]).toEqual([[gone.id, here.id], 2]);
});

test('a deleted user cannot be deleted again, nor changed', async () => {
  const { id } = await createOne(client);
  await remove(client, id);
  const gone = await read(client, id);
  expect(await failed(remove(client, id))).toMatchObject({ code: 'NOT_FOUND', violations: ['id NOT_FOUND'] });
  const refused = await failed(update(client, { id, user: { name: 'B' } }));
  expect(refused).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'USER_DELETED',
    preconditions: ['USER_DELETED'],
  });
  expect(await read(client, id)).toEqual(gone);
});

test('a restored user is what it was, and is listed and changed again', async () => {
  const before = await createOne(client, { metadata: { a: '1' } });
  await remove(client, before.id);
  const after = await restore(client, before.id);
  expect(after).toEqual({ ...before, revision: after.revision, updatedAt: after.updatedAt });
  expect(await read(client, before.id)).toEqual(after);
  expect((await list(client, { filter: `id = "${before.id}"` })).users).toEqual([after]);
  expect((await update(client, { id: before.id, user: { role: UserRole.ADMIN } })).role).toBe(UserRole.ADMIN);
});

test('a user that is not deleted cannot be restored', async () => {
  const user = await createOne(client);
  const refused = { code: 'FAILED_PRECONDITION', reason: 'USER_NOT_DELETED', preconditions: ['USER_NOT_DELETED'] };
  expect(await failed(restore(client, user.id))).toMatchObject(refused);
  expect(await read(client, user.id)).toEqual(user);
});

test('a user whose email was taken meanwhile cannot be restored, until it is free again', async () => {
  const email = `${crypto.randomUUID()}@example.org`;
  const { id } = await createOne(client, { email });
  await remove(client, id);
  const { id: taker } = await createOne(client, { email: email.toUpperCase() });
  const taken = { code: 'ALREADY_EXISTS', reason: 'EMAIL_TAKEN', violations: ['email EMAIL_TAKEN'] };
  expect(await failed(restore(client, id))).toMatchObject(taken);
  expect((await read(client, id)).deletedAt).toBeDefined();
  await remove(client, taker);
  expect((await restore(client, id)).email).toBe(email);
});

test('4. a delete upon a stale base is ABORTED, names what changed, and deletes nothing', async () => {
  const base = await createOne(client);
  const changed = await update(client, { id: base.id, user: { name: 'B' } });
  const { code, conflict } = await failed(remove(client, base.id, base.revision));
  expect(code).toBe('ABORTED');
  expect(conflict).toMatchObject({
    current: changed,
    changes: [{ path: 'name', before: { name: base.name }, after: { name: 'B' } }],
  });
  expect(await read(client, base.id)).toEqual(changed);
  await remove(client, base.id, changed.revision);
  expect((await read(client, base.id)).deletedAt).toBeDefined();
});

test('of 20 deletes at once one happens', async () => {
  const { id } = await createOne(client);
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => remove(client, id)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});
