/**
 * What e2e/compose/test.sh asks of a running stack, with the clients of the given contract alone.
 * `node smoke.mjs write|native|calls|read URL GRPC_ADDRESS STATE_FILE`; `write` leaves the users it made in the file, for the others.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { ChannelCredentials } from '@grpc/grpc-js';
import { GrpcTransport } from '@protobuf-ts/grpc-transport';
import { GrpcWebFetchTransport } from '@protobuf-ts/grpcweb-transport';
import type { RpcTransport } from '@protobuf-ts/runtime-rpc';
import { type User, UserRole, User as UserType } from '@roster/proto/given/userservice/v1/user_service';
import { type IUserServiceClient, UserServiceClient } from '@roster/proto/given/userservice/v1/user_service.client';

const USERS = 20;
const CALLS = 60;

async function createUsers(client: IUserServiceClient, run: string): Promise<readonly User[]> {
  const users: User[] = [];
  for (let index = 0; index < USERS; index++) {
    const email = `compose-${run}-${index}@example.com`;
    const { response } = await client.createUser({ name: `Ąžuolas ${index}`, email, role: UserRole.VIEWER });
    assert.ok(response.user, 'the answer holds the user');
    users.push(response.user);
  }
  return users;
}

async function rename(client: IUserServiceClient, user: User): Promise<User> {
  const change = { id: user.id, user: { ...user, name: '株式会社' }, updateMask: { paths: ['name'] } };
  const { response } = await client.updateUser(change);
  assert.equal(response.user?.name, '株式会社');
  assert.ok(response.user);
  return response.user;
}

async function listIds(client: IUserServiceClient, run: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const call = client.listUsers({ pageSize: 1_000, pageToken: '', filter: `email:"compose-${run}-"` });
  for await (const user of call.responses) ids.add(user.id);
  await call.status;
  return ids;
}

/** Every user as it was written, byte for byte. */
async function readBack(client: IUserServiceClient, users: readonly User[]): Promise<void> {
  for (const user of users) {
    const { response } = await client.getUser({ id: user.id });
    assert.ok(response.user && UserType.equals(response.user, user), `${user.id} is what was written`);
  }
}

async function write(edge: IUserServiceClient, url: string, stateFile: string): Promise<void> {
  const page = await fetch(url);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /<script type="module"/);
  const run = Date.now().toString(36);
  const [first, ...others] = await createUsers(edge, run);
  assert.ok(first);
  const users = [await rename(edge, first), ...others];
  await readBack(edge, users);
  assert.deepEqual(await listIds(edge, run), new Set(users.map((user) => user.id)));
  const taken = edge.createUser({ name: 'Twice', email: first.email, role: UserRole.VIEWER });
  await assert.rejects(async () => await taken, { code: 'ALREADY_EXISTS' });
  writeFileSync(stateFile, JSON.stringify({ run, users: users.map((user) => UserType.toJson(user)) }));
}

async function callMany(client: IUserServiceClient, users: readonly User[]): Promise<void> {
  for (let index = 0; index < CALLS; index++) {
    const user = users[index % users.length];
    assert.ok(user);
    await client.getUser({ id: user.id });
  }
}

function readState(stateFile: string): { readonly run: string; readonly users: readonly User[] } {
  const state = JSON.parse(readFileSync(stateFile, 'utf8'));
  return { run: String(state.run), users: state.users.map((user: never) => UserType.fromJson(user)) };
}

async function main([command, url = '', grpcAddress = '', stateFile = '']: readonly string[]): Promise<void> {
  // The test hands the token over by the environment: arguments show in lists of processes.
  const meta = { authorization: `Bearer ${process.env['ROSTER_TOKEN'] ?? ''}` };
  const clientOver = (transport: RpcTransport): IUserServiceClient => new UserServiceClient(transport);
  const edge = clientOver(new GrpcWebFetchTransport({ baseUrl: url, timeout: 10_000, meta }));
  const transport = new GrpcTransport({
    host: grpcAddress,
    channelCredentials: ChannelCredentials.createInsecure(),
    meta,
  });
  const native = clientOver(transport);
  try {
    if (command === 'write') return await write(edge, url, stateFile);
    const { run, users } = readState(stateFile);
    if (command === 'calls') {
      await Promise.all([callMany(edge, users), callMany(native, users)]);
    } else {
      const client = command === 'native' ? native : edge;
      await readBack(client, users);
      assert.equal((await listIds(client, run)).size, users.length);
    }
  } finally {
    transport.close();
  }
}

await main(process.argv.slice(2));
