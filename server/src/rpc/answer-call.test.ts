import { User } from '@roster/proto/gen/userservice/v1/user';
import { ListUsersRequest, SyncStatus } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import { failureOf } from './read-failure.ts';
import { Code, invalidArgument, RpcError } from './rpc-error.ts';
import { frame, openRawCall, readable, startTestServer, userOf } from './test-server.ts';

const listUsers = '/userservice.v1.UserService/ListUsers';
const getUser = '/userservice.v1.UserService/GetUser';
const tooLong = invalidArgument([{ field: 'user.name', description: 'It is too long.', reason: 'TOO_LONG' }]);

test('a unary call answers with what its handler returns, and with its trailers', async () => {
  const { client } = await startTestServer({
    async getUser({ id }, context) {
      context.setTrailer('x-total-size', '7');
      return { user: userOf(id) };
    },
  });
  const { response, trailers } = await client.getUser({ id: 'ada' });
  expect(response.user?.id).toBe('ada');
  expect(trailers['x-total-size']).toBe('7');
});

test('a server stream delivers messages and encoded bytes in order, and trailers set at its end', async () => {
  const { client } = await startTestServer({
    async *listUsers(_request, context) {
      yield userOf('1');
      yield User.toBinary(userOf('2'));
      context.setTrailer('x-next-page-token', 'next');
      yield userOf('3');
    },
  });
  const call = client.listUsers(ListUsersRequest.create());
  const ids: string[] = [];
  for await (const user of call.responses) ids.push(user.id);
  expect(ids).toEqual(['1', '2', '3']);
  expect((await call.trailers)['x-next-page-token']).toBe('next');
});

test('a client stream reaches its handler message by message and is answered once', async () => {
  const { client } = await startTestServer({
    async bulkCreateUsers(requests) {
      const failedIds: string[] = [];
      for await (const { id } of readable(requests)) failedIds.push(id);
      return { createdCount: 0, failedIds, failures: [] };
    },
  });
  const call = client.bulkCreateUsers();
  for (const id of ['a', 'b', 'c']) await call.requests.send(createRequest(id));
  await call.requests.complete();
  expect((await call.response).failedIds).toEqual(['a', 'b', 'c']);
});

test('a bidi stream answers a request before the next one is sent', async () => {
  const { client } = await startTestServer({
    async *syncUsers(requests) {
      for await (const { action } of readable(requests)) {
        yield { id: action.oneofKind === 'deleteId' ? action.deleteId : '', status: SyncStatus.DELETED };
      }
    },
  });
  const call = client.syncUsers();
  const responses = call.responses[Symbol.asyncIterator]();
  for (const id of ['a', 'b']) {
    await call.requests.send({ action: { oneofKind: 'deleteId', deleteId: id } });
    expect((await responses.next()).value?.id).toBe(id);
  }
  await call.requests.complete();
  expect((await responses.next()).done).toBe(true);
});

test('a handler that stops reading its requests still gets its answer through', async () => {
  const { client } = await startTestServer({
    async bulkCreateUsers(requests) {
      for await (const { id } of readable(requests)) return { createdCount: 1, failedIds: [id], failures: [] };
      return { createdCount: 0, failedIds: [], failures: [] };
    },
  });
  const call = client.bulkCreateUsers();
  await call.requests.send(createRequest('first'));
  expect((await call.response).failedIds).toEqual(['first']);
});

test('a refused unary call brings its code, message and details', async () => {
  const { client } = await startTestServer({ getUser: () => Promise.reject(tooLong) });
  expect(await failureOf(client.getUser({ id: '' }))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: 'user.name: It is too long.',
    reason: 'TOO_LONG',
    fields: ['user.name'],
  });
});

test('a stream that fails halfway delivers what it had sent, then its code and details', async () => {
  const { client } = await startTestServer({
    async *listUsers() {
      yield userOf('1');
      throw tooLong;
    },
  });
  const ids: string[] = [];
  const read = async (): Promise<void> => {
    for await (const user of client.listUsers(ListUsersRequest.create()).responses) ids.push(user.id);
  };
  expect(await failureOf(read())).toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'TOO_LONG' });
  expect(ids).toEqual(['1']);
});

test('an error text with a lone surrogate, a newline or great length reaches the caller', async () => {
  const texts = ['broken \ud800 half', 'two\nlines', `x${'🙂'.repeat(5000)}`];
  const { client } = await startTestServer({
    getUser: ({ id }) => Promise.reject(new RpcError(Code.ABORTED, texts[Number(id)] ?? '', [])),
  });
  for (const [index, text] of texts.entries()) {
    const { code, message } = await failureOf(client.getUser({ id: String(index) }));
    expect(code).toBe('ABORTED');
    expect(message).toBe(text.slice(0, 1000).toWellFormed());
  }
});

test('details too large for a header are left out, and the first of them stay', async () => {
  const violations = Array.from({ length: 1000 }, (_, index) => ({
    field: `row ${index}`,
    description: 'x'.repeat(50),
    reason: 'BAD',
  }));
  const { client } = await startTestServer({ getUser: () => Promise.reject(invalidArgument(violations)) });
  expect(await failureOf(client.getUser({ id: '' }))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    reason: 'BAD',
    fields: [],
  });
});

test('the headers of a stream arrive before its first message', async () => {
  const { client } = await startTestServer({
    async *listUsers(_request, { signal }) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      yield userOf('never');
    },
  });
  const abort = new AbortController();
  const call = client.listUsers(ListUsersRequest.create(), { abort: abort.signal, meta: { 'x-request-id': 'abc' } });
  const failure = failureOf(call.status);
  expect((await call.headers)['x-request-id']).toBe('abc');
  abort.abort();
  expect((await failure).code).toBe('CANCELLED');
});

test('a good status has an empty message, and binary values have no padding', async () => {
  const { port } = await startTestServer({
    getUser: ({ id }) =>
      id ? Promise.reject(new RpcError(Code.ABORTED, 'four', [])) : Promise.resolve({ user: userOf('') }),
  });
  const good = openRawCall(port, getUser);
  good.stream.resume().end(frame(new Uint8Array()));
  expect(await good.status).toMatchObject({ 'grpc-status': '0', 'grpc-message': '' });

  const failed = openRawCall(port, getUser);
  failed.stream.resume().end(frame(Buffer.from('\x0a\x01x')));
  const status = await failed.status;
  expect(status['grpc-status']).toBe('10');
  expect(String(status['grpc-status-details-bin'])).toMatch(/^[A-Za-z0-9+/]+$/);
});

test.each([
  { count: 0, path: getUser },
  { count: 2, path: getUser },
  { count: 0, path: listUsers },
  { count: 2, path: listUsers },
])('$count request messages to $path are UNIMPLEMENTED, and the handler does not run', async ({ count, path }) => {
  let ran = false;
  const { port } = await startTestServer({
    async getUser() {
      ran = true;
      return { user: userOf('') };
    },
    // biome-ignore lint/correctness/useYield: it must not run at all.
    async *listUsers() {
      ran = true;
    },
  });
  const { stream, status } = openRawCall(port, path);
  for (let sent = 0; sent < count; sent += 1) stream.write(frame(new Uint8Array()));
  stream.resume().end();
  expect((await status)['grpc-status']).toBe('12');
  expect(ran).toBe(false);
});

function createRequest(id: string) {
  return { name: '', email: '', role: 0, tags: [], metadata: {}, state: 0, id, requestId: '' };
}

test.each([
  ['a stream of responses', 'listUsers'],
  ['a stream both ways', 'syncUsers'],
] as const)(
  '%s has the headers that its handler adds before its first wait, also without a message',
  async (_, method) => {
    let add: (name: string, value: string | Uint8Array) => void = () => undefined;
    const { client } = await startTestServer(
      {
        // biome-ignore lint/correctness/useYield: it has no message
        async *[method]() {
          add('x-added', 'one');
          add('x-added-bin', Buffer.from([1]));
        },
      },
      {
        outermost(call) {
          add = (name, value) => call.addHeader(name, value);
        },
      },
    );
    const call = method === 'listUsers' ? client.listUsers(ListUsersRequest.create()) : client.syncUsers();
    if ('requests' in call) await call.requests.complete();
    expect(await call.headers).toMatchObject({ 'x-added': 'one', 'x-added-bin': 'AQ==' });
    expect((await call.status).code).toBe('OK');
  },
);
