import { Address, User } from '@roster/proto/gen/userservice/v1/user';
import { CreateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { epochMs } from '@roster/proto/order';
import { expect, test } from 'vitest';
import { startTestApp } from '../../testing/test-app.ts';
import { failed } from './testing/call-failure.ts';
import { createOne, known, list, read, remove, someone, update } from './testing/user-calls.ts';

const emailTaken = { code: 'ALREADY_EXISTS', reason: 'EMAIL_TAKEN', violations: ['email EMAIL_TAKEN'] };

test('6. an email is taken without regard to case, Unicode form and spaces around it', async () => {
  const { client } = await startTestApp();
  await createOne(client, { email: 'Jos\u00e9.\u01f0@Example.org' });
  for (const email of [
    'jos\u00e9.\u01f0@example.org',
    'JOSE\u0301.J\u030c@EXAMPLE.ORG',
    '\u3000 jose\u0301.\u01f0@example.org\t',
  ]) {
    expect(await failed(client.createUser(someone({ email })))).toMatchObject(emailTaken);
  }
  expect((await list(client)).users).toHaveLength(1);
});

test('an email keeps the form in which it was typed', async () => {
  const { client } = await startTestApp();
  const { id } = await createOne(client, { email: ' Jose\u0301@Example.org ' });
  expect((await read(client, id)).email).toBe('Jose\u0301@Example.org');
});

test('6. of 50 creates of one email at once, one wins', async () => {
  const { client, database } = await startTestApp();
  const emails = ['ada@example.org', 'ADA@example.org', 'Ada@Example.org'];
  const outcomes = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) => client.createUser(someone({ email: emails[index % 3] ?? '' })).response),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'OK'));
  expect(new Set(codes)).toEqual(new Set(['OK', 'ALREADY_EXISTS']));
  const [row] = await database.run(undefined, (connection) =>
    connection.query('select (select count(*) from users) as users, (select count(*) from changes) as changes'),
  );
  expect(row).toEqual({ users: 1, changes: 1 });
});

test('an email that only a deleted user has is free', async () => {
  const { client } = await startTestApp();
  const { id } = await createOne(client, { email: 'ada@example.org' });
  await remove(client, id);
  expect((await createOne(client, { email: 'ADA@example.org' })).id).not.toBe(id);
});

test('a taken email is refused in an update too, and changes nothing', async () => {
  const { client } = await startTestApp();
  await createOne(client, { email: 'ada@example.org' });
  const bob = await createOne(client, { email: 'bob@example.org' });
  const refused = await failed(update(client, { id: bob.id, user: { name: 'Bobby', email: 'ADA@example.org' } }));
  expect(refused).toMatchObject({ ...emailTaken, violations: ['user.email EMAIL_TAKEN'] });
  expect(await read(client, bob.id)).toEqual(bob);
});

test('one’s own email may change its case', async () => {
  const { client } = await startTestApp();
  const { id } = await createOne(client, { email: 'ada@example.org' });
  expect((await update(client, { id, user: { email: 'Ada@Example.org' } })).email).toBe('Ada@Example.org');
});

test('an id that the client chooses, of any version, is the user’s, in lower case', async () => {
  const { client } = await startTestApp();
  const id = 'F47AC10B-58CC-4372-A567-0E02B2C3D479';
  expect((await createOne(client, { id })).id).toBe(id.toLowerCase());
  expect((await read(client, id)).id).toBe(id.toLowerCase());
  const nil = '00000000-0000-0000-0000-000000000000';
  expect((await createOne(client, { id: nil })).id).toBe(nil);
});

test('a taken id is refused, also where only a deleted user has it', async () => {
  const { client } = await startTestApp();
  const { id } = await createOne(client);
  const refused = { code: 'ALREADY_EXISTS', reason: 'ID_TAKEN', violations: ['id ID_TAKEN'] };
  expect(await failed(client.createUser(someone({ id: id.toUpperCase() })))).toMatchObject(refused);
  await remove(client, id);
  expect(await failed(client.createUser(someone({ id })))).toMatchObject(refused);
});

test('39. no field of a create reaches what the server owns, nor does what it does not know get into the store', async () => {
  const { client, database } = await startTestApp();
  const owned = User.toBinary(User.create({ revision: 77, deletedAt: { seconds: '1', nanos: 0 } }));
  const request = CreateUserRequest.fromBinary(Buffer.concat([CreateUserRequest.toBinary(someone()), owned]));
  request.address = Address.fromBinary(Buffer.concat([Address.toBinary(Address.create({ city: 'C' })), owned]));
  const user = known((await client.createUser(request).response).user);
  expect(user.revision).not.toBe(77);
  expect(Math.abs(epochMs(user.createdAt) - Date.now())).toBeLessThan(60_000);
  expect(user.updatedAt).toEqual(user.createdAt);
  expect(user.deletedAt).toBeUndefined();
  const [change] = await database.run(undefined, (connection) =>
    connection.query<{ after: Buffer }>('select after from changes'),
  );
  expect(change?.after.toString('hex')).toBe(Buffer.from(User.toBinary(user)).toString('hex'));
});

test('an address without lines is none, in the answer as in the store', async () => {
  const { client } = await startTestApp();
  const created = await createOne(client, { address: {} });
  expect(created.address).toBeUndefined();
  expect(await read(client, created.id)).toEqual(created);
});
