import { CreateUserRequest, ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import { failureOf } from '../read-failure.ts';
import { invalidArgument } from '../rpc-error.ts';
import { startTestServer, userOf } from '../test-server.ts';

test('each call has one line: method, code, duration, caller, address, request id', async () => {
  const { client, logLines } = await startTestServer({
    getUser: async ({ id }) => ({ user: userOf(id) }),
    async *listUsers() {
      yield userOf('1');
      yield userOf('2');
    },
  });
  await client.getUser({ id: 'ada' }, { meta: { 'x-request-id': 'r1' } });
  await client.listUsers(ListUsersRequest.create());
  await expect.poll(() => logLines).toHaveLength(2);
  expect(logLines[0]).toMatchObject({
    level: 30,
    method: '/userservice.v1.UserService/GetUser',
    code: 'OK',
    ms: expect.any(Number),
    caller: 'token:operator',
    address: '127.0.0.1',
    requestId: 'r1',
  });
});

test('no text of a user and no metadata reach the log', async () => {
  const canary = 'canary-7f3a';
  const { client, logLines } = await startTestServer({
    createUser: () =>
      Promise.reject(invalidArgument([{ field: 'name', description: `${canary} is taken.`, reason: 'TAKEN' }])),
  });
  const request = CreateUserRequest.create({ name: canary, metadata: { key: canary } });
  await failureOf(client.createUser(request, { meta: { authorization: `Bearer ${canary}`, cookie: `sid=${canary}` } }));
  expect(logLines).toContainEqual(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  expect(JSON.stringify(logLines)).not.toContain(canary);
});
