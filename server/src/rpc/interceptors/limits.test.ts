import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import { failureOf } from '../read-failure.ts';
import { startTestServer, untilAborted, userOf } from '../test-server.ts';

test('44. calls beyond the limit are UNAVAILABLE with a delay, and are let in when others have ended', async () => {
  const entered = Promise.withResolvers<void>();
  const leave = Promise.withResolvers<void>();
  const { client } = await startTestServer(
    {
      async getUser({ id }) {
        entered.resolve();
        await leave.promise;
        return { user: userOf(id) };
      },
    },
    { limits: { inFlightCallsMax: 1 } },
  );
  const first = client.getUser({ id: 'first' });
  await entered.promise;
  expect(await failureOf(client.getUser({ id: 'second' }))).toMatchObject({
    code: 'UNAVAILABLE',
    reason: 'TOO_MANY_CALLS',
    hasRetryDelay: true,
  });
  leave.resolve();
  await first;
  expect((await client.getUser({ id: 'third' })).response.user?.id).toBe('third');
});

test('44. streams of one token beyond the limit are RESOURCE_EXHAUSTED, and a closed one makes room', async () => {
  const { client, registry } = await startTestServer(
    {
      async *listUsers(_request, context) {
        yield userOf('1');
        await untilAborted(context);
      },
    },
    { limits: { openStreamsPerProgramMax: 1 } },
  );
  const open = async (abort: AbortController): Promise<void> => {
    const call = client.listUsers(ListUsersRequest.create(), { abort: abort.signal });
    await call.responses[Symbol.asyncIterator]().next();
    call.status.then(undefined, () => undefined);
  };
  const first = new AbortController();
  await open(first);
  expect(await failureOf(open(new AbortController()))).toMatchObject({
    code: 'RESOURCE_EXHAUSTED',
    reason: 'TOO_MANY_STREAMS',
  });
  first.abort();
  await expect.poll(() => registry.metrics()).toMatch(/open_streams\{method="[^"]+"\} 0/);
  const second = new AbortController();
  await open(second);
  second.abort();
});
