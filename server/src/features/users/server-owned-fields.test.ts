import type { FieldInfo, IMessageType } from '@protobuf-ts/runtime';
import { User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { CreateUserRequest, UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { maskFields } from '@roster/proto/mask-paths';
import { expect, test } from 'vitest';
import { contractMethods } from '../../testing/contract-calls.ts';
import { startTestApp } from '../../testing/test-app.ts';
import { clientOf, createPerson } from '../../testing/test-people.ts';
import { failed } from './testing/call-failure.ts';
import { createOne, read, sync, update } from './testing/user-calls.ts';

const at = { seconds: '1', nanos: 0 };
const forged = { createdAt: at, updatedAt: at, deletedAt: at, revision: 1 };

/** The fields of a user, from the descriptor, that no mask may name. */
const ownedFields = User.fields.map(({ name }) => name).filter((name) => !maskFields.some((field) => field === name));

test('39. of a user the server owns all that a mask cannot name', () => {
  expect(ownedFields.toSorted()).toEqual(['created_at', 'deleted_at', 'feed', 'id', 'revision', 'updated_at']);
});

test.each(ownedFields)(
  '39. a mask that names %s is refused, alone and among others, by an admin too',
  async (field) => {
    const app = await startTestApp();
    const client = clientOf(await createPerson(app.database, { role: UserRole.ADMIN }), app);
    const before = await createOne(app.client);
    const user = { ...forged, id: crypto.randomUUID(), name: 'Forged' };
    for (const paths of [[field], ['name', field], [field, 'name'], [field, field]]) {
      const failure = await failed(
        client.updateUser(UpdateUserRequest.create({ id: before.id, user, updateMask: { paths } })),
      );
      expect(failure).toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'FIELD_SERVER_OWNED' });
      expect(new Set(failure.violations)).toEqual(new Set(['update_mask FIELD_SERVER_OWNED']));
    }
    for (const path of [`${field}.seconds`, `user.${field}`, field.toUpperCase(), ` ${field}`, `\`${field}\``]) {
      const request = UpdateUserRequest.create({ id: before.id, user, updateMask: { paths: [path] } });
      expect((await failed(client.updateUser(request))).code).toBe('INVALID_ARGUMENT');
    }
    expect(await read(app.client, before.id)).toEqual(before);
  },
);

test.each([
  'verified',
  'email_verified',
  'is_admin',
  'password',
  'field_revisions',
  'encoded',
  'created_by',
  '__proto__',
])('39. a mask that names what a user does not have is refused: %s', async (path) => {
  const app = await startTestApp();
  const { id } = await createOne(app.client);
  expect(await failed(update(app.client, { id, user: { name: 'X' }, updateMask: { paths: [path] } }))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    violations: ['update_mask PATH_UNKNOWN'],
  });
});

test('39. what the server owns is ignored wherever a user is sent: in updates of all kinds, and in syncs that change or create', async () => {
  const app = await startTestApp();
  const { client } = app;
  const patch = { ...forged, id: crypto.randomUUID(), name: 'Changed' };
  for (const updateMask of [undefined, { paths: ['name'] }, { paths: ['*'] }]) {
    const before = await createOne(client);
    const whole = { ...before, ...patch };
    const after = await update(client, { id: before.id, user: whole, ...(updateMask && { updateMask }) });
    expect(after).toEqual({ ...before, name: 'Changed', ...stamps(after) });
    expect(after.revision).toBeGreaterThan(before.revision);
    expect(after.updatedAt).not.toEqual(at);
  }
  const before = await createOne(client);
  const created = crypto.randomUUID();
  const fields = { name: 'New', email: `${created}@example.org`, role: UserRole.VIEWER, state: UserState.ACTIVE };
  await sync(client, [
    { oneofKind: 'upsert', upsert: User.create({ ...patch, id: before.id }) },
    { oneofKind: 'upsert', upsert: User.create({ ...forged, ...fields, id: created }) },
  ]);
  const synced = await read(client, before.id);
  expect(synced).toEqual({ ...before, name: 'Changed', ...stamps(synced) });
  const fresh = await read(client, created);
  expect(fresh).toMatchObject(fields);
  expect(fresh.deletedAt).toBeUndefined();
  for (const { createdAt, updatedAt, revision } of [synced, fresh]) {
    expect(Number(createdAt?.seconds)).toBeGreaterThan(1);
    expect(Number(updatedAt?.seconds)).toBeGreaterThan(1);
    expect(revision).toBeGreaterThan(1);
  }
});

/** Names under which answers tell what the server knows; no request has a use for them. */
const tellingNames =
  /^(created_at|updated_at|deleted_at|revoked_at|linked_at|last_.*|owner.*|created_by.*|actor|actor_name|address_used|authenticated_at|fresh_until|idle_expires_at|is_current|is_synced|verified|etag|counter|session_id|token_id)$/;

test('39. no request of the contract has a field for what the server owns, but for the users in updates and syncs', () => {
  const carriers: string[] = [];
  const telling: string[] = [];
  for (const [path, { I }] of contractMethods) {
    for (const { message, field } of fieldsOf(I)) {
      if (message === User.typeName) carriers.push(path);
      else if (tellingNames.test(field.name)) telling.push(`${path} ${message}.${field.name}`);
    }
  }
  expect([...new Set(carriers)].toSorted()).toEqual([
    '/userservice.v1.UserService/SyncUsers',
    '/userservice.v1.UserService/UpdateUser',
  ]);
  expect(telling).toEqual([]);
  expect(CreateUserRequest.fields.map(({ name }) => name).filter((name) => ownedFields.includes(name))).toEqual(['id']);
});

/** All fields of a message and of those inside it. */
function fieldsOf(type: IMessageType<object>, seen = new Set<string>()): { message: string; field: FieldInfo }[] {
  if (seen.has(type.typeName)) return [];
  seen.add(type.typeName);
  return type.fields.flatMap((field) => [
    { message: type.typeName, field },
    ...(field.kind === 'message' ? fieldsOf(field.T(), seen) : []),
  ]);
}

/** What every change sets anew. */
function stamps({ revision, updatedAt }: User): Pick<User, 'revision' | 'updatedAt'> {
  return { revision, ...(updatedAt && { updatedAt }) };
}
