import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import { access } from '../rules/access.ts';
import { failureOf } from './read-failure.ts';
import { startTestServer, untilAborted, userOf } from './test-server.ts';

test('the server does not start with a method that has no row in the access table', async () => {
  const ruleOf = (method: string) => (method.endsWith('/DeleteUser') ? undefined : access.ruleOf(method));
  await expect(startTestServer({}, { access: { ...access, ruleOf } })).rejects.toThrow(
    '/userservice.v1.UserService/DeleteUser',
  );
});

test('a port that is taken is an error of listen', async () => {
  const { port } = await startTestServer({});
  const { server } = await startTestServer({});
  await expect(server.listen(`127.0.0.1:${port}`)).rejects.toThrow('EADDRINUSE');
});

test('a stop waits for the unary calls in flight', async () => {
  const entered = Promise.withResolvers<void>();
  const leave = Promise.withResolvers<void>();
  const { client, server } = await startTestServer({
    async getUser({ id }) {
      entered.resolve();
      await leave.promise;
      return { user: userOf(id) };
    },
  });
  const call = client.getUser({ id: 'ada' });
  await entered.promise;
  const stopped = server.stop();
  leave.resolve();
  expect((await call.response).user?.id).toBe('ada');
  await stopped;
});

test('a stop aborts `draining`, by which a stream can end in order', async () => {
  const draining = new AbortController();
  const { client, server } = await startTestServer(
    {
      async *listUsers() {
        yield userOf('first');
        await new Promise((resolve) => draining.signal.addEventListener('abort', resolve));
        yield userOf('go away');
      },
    },
    { draining },
  );
  const call = client.listUsers(ListUsersRequest.create());
  const users = call.responses[Symbol.asyncIterator]();
  expect((await users.next()).value?.id).toBe('first');
  const stopped = server.stop();
  expect((await users.next()).value?.id).toBe('go away');
  expect((await call.status).code).toBe('OK');
  await stopped;
});

test('a stop cuts what has not ended in time, and the handlers learn of it', async () => {
  const aborted = Promise.withResolvers<void>();
  const { client, server } = await startTestServer(
    {
      async *listUsers(_request, context) {
        yield userOf('first');
        await untilAborted(context).finally(() => aborted.resolve());
      },
    },
    { limits: { stopMs: 50 } },
  );
  const call = client.listUsers(ListUsersRequest.create());
  const failure = failureOf(call.status);
  await call.responses[Symbol.asyncIterator]().next();
  await server.stop();
  await aborted.promise;
  expect((await failure).code).not.toBe('OK');
});
