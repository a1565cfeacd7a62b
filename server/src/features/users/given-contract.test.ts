import { ChannelCredentials } from '@grpc/grpc-js';
import { GrpcTransport } from '@protobuf-ts/grpc-transport';
import { UnknownFieldHandler } from '@protobuf-ts/runtime';
import { CreateUserRequest, SyncRequest, SyncStatus, UserRole } from '@roster/proto/given/userservice/v1/user_service';
import { UserServiceClient } from '@roster/proto/given/userservice/v1/user_service.client';
import { expect, onTestFinished, test } from 'vitest';
import { startTestApp } from '../../testing/test-app.ts';

/** A client that was generated from the given contract, before anything was added to it. */
async function startOldClient() {
  const { app, token } = await startTestApp();
  const transport = new GrpcTransport({
    host: `127.0.0.1:${app.port}`,
    channelCredentials: ChannelCredentials.createInsecure(),
    meta: { authorization: `Bearer ${token.text}` },
  });
  onTestFinished(() => transport.close());
  return new UserServiceClient(transport);
}

const address = { street: '1 Main St', city: 'Springfield', state: 'IL', country: 'US', postalCode: '62701' };
const ada = { name: 'Ada', email: 'ada@example.org', role: UserRole.EDITOR, address };
const list = { pageSize: 10, pageToken: '', filter: '' };

async function namesOf(client: UserServiceClient, request = list): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of client.listUsers(request).responses) names.push(name);
  return names;
}

test('an old client creates, reads, changes and deletes a user, and sees what it knows', async () => {
  const client = await startOldClient();
  const created = (await client.createUser(ada).response).user;
  expect(created).toMatchObject({ ...ada, tags: [], metadata: {} });
  const id = created?.id ?? '';
  expect((await client.getUser({ id }).response).user).toEqual(created);
  const user = {
    id: '',
    name: 'Ada King',
    email: '',
    role: UserRole.UNSPECIFIED,
    tags: ['vip'],
    metadata: { team: 'x' },
  };
  const changed = (await client.updateUser({ id, user, updateMask: { paths: ['name', 'tags', 'metadata'] } }).response)
    .user;
  expect(changed).toMatchObject({ ...ada, name: 'Ada King', tags: ['vip'], metadata: { team: 'x' } });
  const unmasked = (await client.updateUser({ id, user: { ...user, name: 'Ada', tags: [], metadata: {} } }).response)
    .user;
  expect(unmasked).toMatchObject({ name: 'Ada', tags: ['vip'], metadata: { team: 'x' } });
  await client.deleteUser({ id }).response;
  expect(await namesOf(client)).toEqual([]);
});

test('an old client lists plain users page by page, and no pseudo-user', async () => {
  const client = await startOldClient();
  for (const name of ['A', 'B', 'C']) await client.createUser({ ...ada, name, email: `${name}@example.org` }).response;
  const first = client.listUsers({ ...list, pageSize: 2, filter: 'role = EDITOR' });
  const users = [];
  for await (const user of first.responses) users.push(user);
  expect(users.map(({ name }) => name)).toEqual(['C', 'B']);
  // The additions that it does not know: revision and state, and never a feed.
  const unknown = users.flatMap((user) => UnknownFieldHandler.list(user).map(({ no }) => no));
  expect(new Set(unknown)).toEqual(new Set([10, 11]));
  const trailers = await first.trailers;
  expect(trailers['x-total-size']).toBe('3');
  const pageToken = String(trailers['x-next-page-token']);
  expect(await namesOf(client, { ...list, filter: 'role = EDITOR', pageToken })).toEqual(['A']);
});

test('an old client loads users in bulk, and learns which failed', async () => {
  const client = await startOldClient();
  const call = client.bulkCreateUsers();
  for (const email of ['a@example.org', 'A@example.org', 'b@example.org', 'nonsense']) {
    await call.requests.send(CreateUserRequest.create({ ...ada, email }));
  }
  await call.requests.complete();
  expect(await call.response).toMatchObject({ createdCount: 2, failedIds: ['#1', '#3'] });
});

test('an old client syncs, and each action is answered in order', async () => {
  const client = await startOldClient();
  const id = crypto.randomUUID();
  const call = client.syncUsers();
  const user = { id, tags: [], metadata: {}, ...ada };
  const actions: SyncRequest['action'][] = [
    { oneofKind: 'upsert', upsert: user },
    { oneofKind: 'upsert', upsert: { ...user, name: 'Ada King' } },
    { oneofKind: 'deleteId', deleteId: id },
    { oneofKind: 'deleteId', deleteId: id },
  ];
  for (const action of actions) await call.requests.send(SyncRequest.create({ action }));
  await call.requests.complete();
  const statuses: SyncStatus[] = [];
  for await (const { status } of call.responses) statuses.push(status);
  expect(statuses).toEqual([SyncStatus.CREATED, SyncStatus.UPDATED, SyncStatus.DELETED, SyncStatus.FAILED]);
});

test('an old client gets the code and the sentence of a failure', async () => {
  const client = await startOldClient();
  const failure = client.createUser({ ...ada, email: 'nonsense' }).response;
  await expect(failure).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('email') });
});
