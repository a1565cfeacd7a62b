import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import { detailsOf, failureOf } from './read-failure.ts';
import { RpcError } from './rpc-error.ts';
import { frame, openRawCall, startTestServer, untilAborted, userOf } from './test-server.ts';

const getUser = '/userservice.v1.UserService/GetUser';

test('a cancelled stream ends its generator, which runs its finally before the next call is answered', async () => {
  const reasons: unknown[] = [];
  const { client } = await startTestServer({
    getUser: async ({ id }) => ({ user: userOf(id) }),
    async *listUsers(_request, context) {
      try {
        yield userOf('1');
        await untilAborted(context);
      } finally {
        reasons.push(context.signal.reason);
      }
    },
  });
  const abort = new AbortController();
  const call = client.listUsers(ListUsersRequest.create(), { abort: abort.signal });
  const failure = failureOf(call.status);
  await call.responses[Symbol.asyncIterator]().next();
  abort.abort();
  expect((await failure).code).toBe('CANCELLED');
  await client.getUser({ id: 'ada' });
  expect(reasons).toMatchObject([{ name: 'RpcError', code: 1 }]);
});

test('a generator that waits at its yield when the caller goes away runs its finally too', async () => {
  const ended = Promise.withResolvers<void>();
  const { client } = await startTestServer({
    async *listUsers() {
      try {
        for (;;) yield userOf('x'.repeat(10_000));
      } finally {
        ended.resolve();
      }
    },
  });
  const abort = new AbortController();
  const call = client.listUsers(ListUsersRequest.create(), { abort: abort.signal });
  const failure = failureOf(call.status);
  await call.responses[Symbol.asyncIterator]().next();
  abort.abort();
  await ended.promise;
  await failure;
});

test('a call whose handler never obeys its signal is over all the same', async () => {
  const entered = Promise.withResolvers<void>();
  const { client, port, logLines } = await startTestServer({
    getUser() {
      entered.resolve();
      return new Promise(() => undefined);
    },
  });
  const abort = new AbortController();
  const failure = failureOf(client.getUser({ id: '' }, { abort: abort.signal }));
  await entered.promise;
  abort.abort();
  expect((await failure).code).toBe('CANCELLED');
  // A client that keeps the deadline too may be the first to end the call.
  const { stream, status } = openRawCall(port, getUser, { 'grpc-timeout': '50m' });
  stream.resume().end(frame(new Uint8Array()));
  expect((await status)['grpc-status']).toBe('4');
  await expect.poll(() => logLines.map(({ code }) => code)).toEqual(['CANCELLED', 'DEADLINE_EXCEEDED']);
});

test('a deadline ends the handler, and the answer has one status with details', async () => {
  const reason = Promise.withResolvers<unknown>();
  const { port } = await startTestServer({
    async getUser(_request, context) {
      await untilAborted(context).catch(() => reason.resolve(context.signal.reason));
      return { user: userOf('too late') };
    },
  });
  // Long enough for a busy machine to have begun with the call by then: what it begins too late with, grpc-js answers by itself.
  const { stream, status } = openRawCall(port, getUser, { 'grpc-timeout': '1S' });
  const bytes: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => bytes.push(chunk)).end(frame(new Uint8Array()));
  const received = await status;
  expect(received['grpc-status']).toBe('4');
  expect(detailsOf(received['grpc-status-details-bin']).reason).toBe('DEADLINE_EXCEEDED');
  expect(bytes).toEqual([]);
  expect(await reason.promise).toBeInstanceOf(RpcError);
  expect(await reason.promise).toMatchObject({ code: 4 });
});

test('the handler sees the deadline of its call, or none', async () => {
  const seen: (Date | undefined)[] = [];
  const { client } = await startTestServer({
    async getUser(_request, { deadline }) {
      seen.push(deadline);
      return { user: userOf('') };
    },
  });
  await client.getUser({ id: '' });
  await client.getUser({ id: '' }, { timeout: 60_000 });
  expect(seen[0]).toBeUndefined();
  expect(Number(seen[1]) - Date.now()).toBeGreaterThan(50_000);
  expect(Number(seen[1]) - Date.now()).toBeLessThanOrEqual(60_000);
});

test.each(['', 'abc', '-1S', '1e9S', 'NaN', '99999999H', '99999999999999999999S', '0n'])(
  'the junk timeout %o gets an answer, and the next call is served',
  async (timeout) => {
    const { port, client } = await startTestServer({ getUser: async () => ({ user: userOf('ada') }) });
    const { stream, status } = openRawCall(port, getUser, { 'grpc-timeout': timeout });
    stream.resume().end(frame(new Uint8Array()));
    expect(await status).toHaveProperty('grpc-status');
    expect((await client.getUser({ id: 'ada' })).response.user?.id).toBe('ada');
  },
);

test('a call that went well does not abort its signal afterwards', async () => {
  let signal: AbortSignal | undefined;
  const { client } = await startTestServer({
    async getUser(_request, context) {
      signal = context.signal;
      return { user: userOf('ada') };
    },
  });
  await client.getUser({ id: 'ada' });
  await client.getUser({ id: 'ada' });
  expect(signal?.aborted).toBe(false);
});
