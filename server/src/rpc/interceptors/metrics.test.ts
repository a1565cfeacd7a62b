import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import { failureOf } from '../read-failure.ts';
import { notFound } from '../rpc-error.ts';
import { startTestServer, untilAborted, userOf } from '../test-server.ts';

test('calls are counted and timed by method and code', async () => {
  const { client, registry } = await startTestServer({
    getUser: async ({ id }) => (id ? { user: userOf(id) } : Promise.reject(notFound('user', 'id'))),
  });
  await client.getUser({ id: 'ada' });
  await failureOf(client.getUser({ id: '' }));
  const text = await registry.metrics();
  expect(text).toContain('roster_rpc_calls_total{method="/userservice.v1.UserService/GetUser",code="OK"} 1');
  expect(text).toContain('roster_rpc_calls_total{method="/userservice.v1.UserService/GetUser",code="NOT_FOUND"} 1');
  expect(text).toContain('roster_rpc_duration_seconds_count{method="/userservice.v1.UserService/GetUser",code="OK"} 1');
});

test('the gauge of open streams rises with a stream and falls when its caller goes away', async () => {
  const { client, registry } = await startTestServer({
    async *listUsers(_request, context) {
      yield userOf('1');
      await untilAborted(context);
    },
  });
  const open = (count: number) => `roster_rpc_open_streams{method="/userservice.v1.UserService/ListUsers"} ${count}`;
  const abort = new AbortController();
  const call = client.listUsers(ListUsersRequest.create(), { abort: abort.signal });
  const failure = failureOf(call.status);
  await call.responses[Symbol.asyncIterator]().next();
  expect(await registry.metrics()).toContain(open(1));
  abort.abort();
  await failure;
  await expect.poll(() => registry.metrics()).toContain(open(0));
});
