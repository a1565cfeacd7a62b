import { UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { CreateUserRequest, UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import { startTestApp } from '../../testing/test-app.ts';

const ada = () => CreateUserRequest.create({ name: 'Ada Lovelace', email: 'ada@example.org', role: UserRole.EDITOR });

test('a created user comes back as it was given, with an id, times and a revision', async () => {
  const { client } = await startTestApp();
  const request = CreateUserRequest.create({
    ...ada(),
    name: ' Ada “Łucja” 🦊 ',
    address: { street: 'Ordnance Rd', city: 'Łódź' },
    tags: ['vip', '日本'],
    metadata: { team: 'x', constructor: 'y' },
  });
  const { user } = await client.createUser(request).response;
  expect(user).toMatchObject({
    name: 'Ada “Łucja” 🦊',
    email: 'ada@example.org',
    role: UserRole.EDITOR,
    state: UserState.ACTIVE,
    address: { street: 'Ordnance Rd', city: 'Łódź', country: '' },
    tags: ['vip', '日本'],
    metadata: { team: 'x', constructor: 'y' },
  });
  expect((await client.getUser({ id: user?.id ?? '' }).response).user).toEqual(user);
});

test('edits of different fields upon the same base both stand', async () => {
  const { client } = await startTestApp();
  const created = (await client.createUser(ada()).response).user;
  const base = { id: created?.id ?? '', baseRevision: created?.revision ?? 0 };
  await client.updateUser(
    UpdateUserRequest.create({ ...base, user: { name: 'Ada King' }, updateMask: { paths: ['name'] } }),
  ).response;
  const second = UpdateUserRequest.create({ ...base, user: { role: UserRole.ADMIN }, updateMask: { paths: ['role'] } });
  expect((await client.updateUser(second).response).user).toMatchObject({ name: 'Ada King', role: UserRole.ADMIN });
});
