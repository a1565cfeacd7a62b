import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import {
  CreateUserRequest,
  DeleteUserRequest,
  UndeleteUserRequest,
  UpdateUserRequest,
} from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import type { Database } from '../../database/database.ts';
import { startTestApp } from '../../testing/test-app.ts';
import { clientOf, createPerson } from '../../testing/test-people.ts';
import { failed, failedRaw } from './testing/call-failure.ts';
import { createOne, read, remove, someone } from './testing/user-calls.ts';

const reused = { code: 'INVALID_ARGUMENT', reason: 'REQUEST_ID_REUSED', violations: ['request_id REQUEST_ID_REUSED'] };

async function countChanges(database: Database): Promise<number> {
  const [row] = await database.run(undefined, (connection) =>
    connection.query<{ count: number }>('select count(*) as count from changes'),
  );
  return row?.count ?? 0;
}

test('2. a repeated create happens once and gets the first answer', async () => {
  const { client, database } = await startTestApp();
  const request = someone({ requestId: crypto.randomUUID(), metadata: { a: '1' } });
  const first = (await client.createUser(request).response).user;
  await client.updateUser(UpdateUserRequest.create({ id: first?.id ?? '', user: { name: 'Later' } })).response;
  expect((await client.createUser(request).response).user).toEqual(first);
  expect(await countChanges(database)).toBe(2);
});

test('2. repeated updates, deletes and undeletes happen once and get the first answer', async () => {
  const { client, database } = await startTestApp();
  const { id } = await createOne(client);
  const requestId = () => crypto.randomUUID();
  const edit = UpdateUserRequest.create({ id, user: { name: 'B' }, requestId: requestId() });
  const edited = (await client.updateUser(edit).response).user;
  await client.updateUser(UpdateUserRequest.create({ id, user: { name: 'C' } })).response;
  expect((await client.updateUser(edit).response).user).toEqual(edited);
  const deletion = DeleteUserRequest.create({ id, requestId: requestId() });
  await client.deleteUser(deletion).response;
  await client.deleteUser(deletion).response;
  const undoing = UndeleteUserRequest.create({ id, requestId: requestId() });
  const restored = (await client.undeleteUser(undoing).response).user;
  expect((await client.undeleteUser(undoing).response).user).toEqual(restored);
  expect((await read(client, id)).name).toBe('C');
  expect(await countChanges(database)).toBe(5);
});

test('3. a request id with other content, or for another method, is refused', async () => {
  const { client, database } = await startTestApp();
  const requestId = crypto.randomUUID();
  const request = someone({ requestId });
  const { id = '' } = (await client.createUser(request).response).user ?? {};
  expect(await failed(client.createUser({ ...request, name: 'Other' }))).toMatchObject(reused);
  expect(await failed(client.createUser({ ...request, role: UserRole.ADMIN }))).toMatchObject(reused);
  expect(await failed(client.deleteUser(DeleteUserRequest.create({ id, requestId })))).toMatchObject(reused);
  expect(await countChanges(database)).toBe(1);
});

test('3. another caller’s request id is no request id of one’s own', async () => {
  const { client, database } = await startTestApp();
  const request = someone({ requestId: crypto.randomUUID() });
  await client.createUser(request).response;
  await database.run(undefined, (connection) =>
    connection.query(`update request_answers set caller_id = 'somebody else'`),
  );
  expect(await failed(client.createUser(request))).toMatchObject({
    code: 'ALREADY_EXISTS',
    violations: ['email EMAIL_TAKEN'],
  });
});

test('3. of two people who use the same request id neither learns of the other’s answer', async () => {
  const app = await startTestApp();
  const [ada, bob] = await Promise.all([0, 1].map(() => createPerson(app.database, { role: UserRole.EDITOR })));
  if (!ada || !bob) throw new Error('nobody');
  const request = someone({ requestId: crypto.randomUUID(), metadata: { secret: 'of Ada' } });
  const first = (await clientOf(ada, app).createUser(request).response).user;
  expect(await failed(clientOf(bob, app).createUser(request))).toMatchObject({
    code: 'ALREADY_EXISTS',
    violations: ['email EMAIL_TAKEN'],
  });
  const another = someone({ requestId: request.requestId });
  const second = (await clientOf(bob, app).createUser(another).response).user;
  expect(second).toMatchObject({ email: another.email, metadata: {} });
  expect((await clientOf(ada, app).createUser(request).response).user).toEqual(first);
  expect((await clientOf(bob, app).createUser(another).response).user).toEqual(second);
});

test('2. a repetition counts as one whatever the case of its id and the order of its map', async () => {
  const app = await startTestApp();
  const { client, database } = app;
  const request = someone({ requestId: crypto.randomUUID(), metadata: { a: '1', b: '2' } });
  const first = (await client.createUser(request).response).user;
  const repeated = { ...request, requestId: request.requestId.toUpperCase(), metadata: { b: '2', a: '1' } };
  expect((await client.createUser(repeated).response).user).toEqual(first);
  // An unset field that is written out all the same.
  const bytes = Buffer.concat([CreateUserRequest.toBinary(request), Buffer.from([0x38, 0])]);
  await expect(failedRaw(app, 'CreateUser', bytes)).rejects.toThrow('The call went well.');
  expect(await countChanges(database)).toBe(1);
});

test('2. 20 repetitions at once make one change and get one answer', async () => {
  const { client, database } = await startTestApp();
  const request = someone({ requestId: crypto.randomUUID() });
  const answers = await Promise.all(Array.from({ length: 20 }, () => client.createUser(request).response));
  expect(new Set(answers.map(({ user }) => `${user?.id} ${user?.revision}`)).size).toBe(1);
  expect(await countChanges(database)).toBe(1);
});

test('a call that failed may be repeated, and then happens', async () => {
  const { client } = await startTestApp();
  const { id, email } = await createOne(client);
  const request = someone({ email, requestId: crypto.randomUUID() });
  expect((await failed(client.createUser(request))).code).toBe('ALREADY_EXISTS');
  await remove(client, id);
  expect((await client.createUser(request).response).user).toMatchObject({ email });
});

test('2. a repetition after a restart gets the first answer', async () => {
  const { client, app, token, databaseUrl, database } = await startTestApp();
  const request = someone({ requestId: crypto.randomUUID() });
  const first = (await client.createUser(request).response).user;
  await app.stop();
  const restarted = await startTestApp({ databaseUrl, token });
  expect((await restarted.client.createUser(request).response).user).toEqual(first);
  expect(await countChanges(database)).toBe(1);
});
