// Longer than 300 lines because its tables list every way in which an answer can be broken; they share one hand-made server.
import { once } from 'node:events';
import { RpcError } from '@protobuf-ts/runtime-rpc';
import { User } from '@roster/proto/gen/userservice/v1/user';
import {
  DeleteUserRequest,
  GetUserRequest,
  GetUserResponse,
  ListUsersRequest,
} from '@roster/proto/gen/userservice/v1/user_service';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { describe, expect, test } from 'vitest';
import { isCancel } from './rpc-failure.ts';
import { type Answer, frame, grpcWeb, message, okTrailers, startRawServer, trailers } from './testing/raw-server.ts';
import { createTransport } from './transport.ts';

const ada = User.create({ id: 'a', name: 'Ada Löwe', email: 'ada@example.com' });
const adaResponse = message(GetUserResponse.toBinary(GetUserResponse.create({ user: ada })));
const getAda = GetUserRequest.create({ id: 'a' });
const listAll = ListUsersRequest.create({});

async function withServer(answer: Answer) {
  const server = await startRawServer(answer);
  const client = new UserServiceClient(createTransport({ baseUrl: server.baseUrl }));
  return { server, client, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const bytes =
  (...parts: readonly Uint8Array[]): Answer =>
  (response) => {
    response.writeHead(200, grpcWeb).end(Buffer.concat(parts));
  };

async function failureOf(promise: PromiseLike<unknown>): Promise<RpcError> {
  const thrown = await Promise.resolve(promise).then(
    () => new Error('The call succeeded.'),
    (reason: unknown) => reason,
  );
  if (!(thrown instanceof RpcError)) throw thrown;
  return thrown;
}

describe('an answer that is whole', () => {
  test('gives the message and the trailers of a unary call', async () => {
    await using setup = await withServer(bytes(adaResponse, trailers('grpc-status: 0\r\nx-color: blue\r\n')));
    const call = await setup.client.getUser(getAda);
    expect(call.response.user).toEqual(ada);
    expect(call.trailers).toEqual({ 'x-color': 'blue' });
    expect(call.status.code).toBe('OK');
  });

  test('gives every message of a stream, however the bytes are cut', async () => {
    const names = ['a', 'b', 'c'];
    const whole = Buffer.concat([...names.map((name) => message(User.toBinary(User.create({ name })))), okTrailers]);
    await using setup = await withServer(async (response) => {
      response.writeHead(200, grpcWeb);
      for (const byte of whole) await new Promise<void>((done) => response.write(Uint8Array.of(byte), () => done()));
      response.end();
    });
    const seen: string[] = [];
    for await (const { name } of setup.client.listUsers(listAll).responses) seen.push(name);
    expect(seen).toEqual(names);
  });

  test('leaves the connection to the next call', async () => {
    await using setup = await withServer(bytes(adaResponse, okTrailers));
    for (let i = 0; i < 10; i += 1) await setup.client.getUser(getAda);
    // The second call may set out before the first answer has been read out.
    expect(setup.server.connectionCount()).toBeLessThanOrEqual(2);
  });

  test('is read in linear time, be it one message in very many pieces', async () => {
    const name = 'x'.repeat(3_000_000);
    const whole = Buffer.concat([
      message(GetUserResponse.toBinary(GetUserResponse.create({ user: User.create({ name }) }))),
      okTrailers,
    ]);
    const piece = 1000;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < whole.length; at += piece) controller.enqueue(whole.subarray(at, at + piece));
        controller.close();
      },
    });
    const transport = createTransport({ baseUrl: '', fetch: async () => new Response(body, { headers: grpcWeb }) });
    const { response } = await new UserServiceClient(transport).getUser(getAda);
    expect(response.user?.name.length).toBe(name.length);
  });
});

describe('what is sent', () => {
  test('is one binary frame with a deadline, a request id and nothing that CORS would refuse', async () => {
    let seen: { headers: Record<string, unknown>; body: Buffer; url: string | undefined } | undefined;
    await using setup = await withServer((response, request, body) => {
      seen = { headers: request.headers, body, url: request.url };
      response.writeHead(200, grpcWeb).end(Buffer.concat([adaResponse, okTrailers]));
    });
    await setup.client.getUser(getAda, { timeout: 1234.5, meta: { 'x-color': ['blue', 'red'] } });
    expect(seen?.url).toBe('/userservice.v1.UserService/GetUser');
    expect(seen?.body).toEqual(message(GetUserRequest.toBinary(getAda)));
    expect(seen?.headers).toMatchObject({
      'content-type': 'application/grpc-web+proto',
      'grpc-timeout': '1235m',
      'x-grpc-web': '1',
      'x-color': 'blue, red',
      'x-request-id': expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    });
  });

  test('45. has a deadline on unary calls by default, and none on streams', async () => {
    const timeouts: unknown[] = [];
    await using setup = await withServer((response, request) => {
      timeouts.push(request.headers['grpc-timeout']);
      const isUnary = request.url?.endsWith('GetUser');
      response.writeHead(200, grpcWeb).end(Buffer.concat([isUnary ? adaResponse : Buffer.alloc(0), okTrailers]));
    });
    await setup.client.getUser(getAda);
    for await (const _ of setup.client.listUsers(listAll).responses);
    expect(timeouts).toEqual(['10000m', undefined]);
  });

  test.each([
    ['a message that cannot be encoded', () => ({ input: ListUsersRequest.create({ pageSize: 10.5 }), options: {} })],
    ['a header that cannot be sent', () => ({ input: listAll, options: { meta: { 'x-color': '€\n' } } })],
    ['a timeout that is not a number', () => ({ input: listAll, options: { timeout: Number.NaN } })],
  ])('fails the call and does not throw from it: %s', async (_, make) => {
    await using setup = await withServer(bytes(okTrailers));
    const { input, options } = make();
    const call = setup.client.listUsers(input, options);
    const error = await failureOf(call.responses[Symbol.asyncIterator]().next());
    expect(error.code).toBe('INTERNAL');
  });
});

describe('46. an answer that is not whole is never a success', () => {
  const compressed = frame(1, 'x');
  const cases: [string, readonly Uint8Array[], string][] = [
    ['a trailer frame that is cut', [adaResponse, frame(0x80, 'grpc-st', 16)], 'UNAVAILABLE'],
    ['trailers without a status', [adaResponse, trailers('x-color: blue\r\n')], 'UNKNOWN'],
    ['a status that is no number', [adaResponse, trailers('grpc-status: 0x0\r\n')], 'UNKNOWN'],
    ['a status of an unknown number', [adaResponse, trailers('grpc-status: 99\r\n')], 'UNKNOWN'],
    ['two statuses', [adaResponse, trailers('grpc-status: 0\r\ngrpc-status: 7\r\n')], 'UNKNOWN'],
    ['a status in capitals', [adaResponse, trailers('GRPC-STATUS: 7\r\n')], 'PERMISSION_DENIED'],
    ['no trailers', [adaResponse], 'UNAVAILABLE'],
    ['nothing', [], 'UNKNOWN'],
    ['half a prefix', [Buffer.from([0, 0])], 'UNAVAILABLE'],
    ['a message that is cut', [adaResponse.subarray(0, 9)], 'UNAVAILABLE'],
    ['a compressed message', [compressed, okTrailers], 'INTERNAL'],
    ['a frame of an unknown kind', [frame(0x40, 'x'), okTrailers], 'INTERNAL'],
    ['a length of 2^31', [frame(0, '', 2 ** 31)], 'RESOURCE_EXHAUSTED'],
    ['a length of 2^32 - 1', [frame(0, '', 2 ** 32 - 1)], 'RESOURCE_EXHAUSTED'],
    [
      'trailers beyond all measure',
      [adaResponse, trailers(`x-color: ${'b'.repeat(300_000)}\r\n`)],
      'RESOURCE_EXHAUSTED',
    ],
    ['a message that is no message', [frame(0, Uint8Array.of(0xff, 0xff)), okTrailers], 'INTERNAL'],
    ['two messages', [adaResponse, adaResponse, okTrailers], 'UNIMPLEMENTED'],
    ['a success without a message', [okTrailers], 'UNIMPLEMENTED'],
  ];
  test.each(cases)('%s', async (_, parts, code) => {
    await using setup = await withServer(bytes(...parts));
    expect((await failureOf(setup.client.getUser(getAda))).code).toBe(code);
  });

  test('a connection that is cut inside a stream is UNAVAILABLE, after the messages that came', async () => {
    await using setup = await withServer(async (response) => {
      response.writeHead(200, grpcWeb);
      await new Promise<void>((done) => response.write(message(User.toBinary(ada)), () => done()));
    });
    const responses = setup.client.listUsers(listAll).responses[Symbol.asyncIterator]();
    expect((await responses.next()).value).toEqual(ada);
    const next = failureOf(responses.next());
    await setup.server[Symbol.asyncDispose]();
    expect((await next).code).toBe('UNAVAILABLE');
  });

  test('a server that is not there is UNAVAILABLE', async () => {
    const setup = await withServer(bytes());
    await setup.server[Symbol.asyncDispose]();
    expect((await failureOf(setup.client.getUser(getAda))).code).toBe('UNAVAILABLE');
  });
});

describe('an error', () => {
  test('has its message decoded once, its trailers, and the request id of the call', async () => {
    await using setup = await withServer(
      bytes(trailers('grpc-status: 5\r\ngrpc-message: No%20%C3%A9%2525\r\nx-color: blue\r\n')),
    );
    const error = await failureOf(setup.client.getUser(getAda, { meta: { 'x-request-id': 'r-1' } }));
    expect(error).toMatchObject({
      code: 'NOT_FOUND',
      message: 'No é%25',
      meta: { 'x-color': 'blue', 'x-request-id': 'r-1' },
    });
  });

  test('keeps a message whose encoding is broken', async () => {
    await using setup = await withServer(bytes(trailers('grpc-status: 5\r\ngrpc-message: 100 % wrong\r\n')));
    expect((await failureOf(setup.client.getUser(getAda))).message).toBe('100 % wrong');
  });

  const headCases: [string, number, Record<string, string>, string][] = [
    ['in the head alone', 200, { ...grpcWeb, 'grpc-status': '9' }, 'FAILED_PRECONDITION'],
    ["of Envoy's rate limit", 429, { ...grpcWeb, 'grpc-status': '14' }, 'RESOURCE_EXHAUSTED'],
    ["of Envoy's timeout", 504, { ...grpcWeb, 'grpc-status': '14' }, 'DEADLINE_EXCEEDED'],
    ['of Envoy without a backend', 503, { ...grpcWeb, 'grpc-status': '14' }, 'UNAVAILABLE'],
    ['of a path that leads nowhere', 404, { 'content-type': 'text/plain' }, 'UNIMPLEMENTED'],
    ['of a proxy that asks for a sign-in', 401, { 'content-type': 'text/html' }, 'UNAUTHENTICATED'],
    ['that is a page of HTML with status 200', 200, { 'content-type': 'text/html' }, 'UNKNOWN'],
    ['that is a redirect', 302, { location: '/sign-in' }, 'UNAVAILABLE'],
  ];
  test.each(headCases)('is told from its head: %s', async (_, status, headers, code) => {
    await using setup = await withServer((response) => {
      response.writeHead(status, headers).end();
    });
    expect((await failureOf(setup.client.getUser(getAda))).code).toBe(code);
  });

  test('in the head gives way to the trailers of a body', async () => {
    await using setup = await withServer((response) => {
      response.writeHead(200, { ...grpcWeb, 'grpc-status': '9' }).end(Buffer.concat([adaResponse, okTrailers]));
    });
    expect((await setup.client.getUser(getAda)).response.user).toEqual(ada);
  });

  test('is not made of a content type with parameters', async () => {
    await using setup = await withServer((response) => {
      response.writeHead(200, { 'content-type': 'application/grpc-web+proto; charset=utf-8' });
      response.end(Buffer.concat([adaResponse, okTrailers]));
    });
    expect((await setup.client.getUser(getAda)).response.user).toEqual(ada);
  });
});

describe('the end of a call', () => {
  /** A server whose streams send `count` users and then nothing; `closed` settles when the client has gone. */
  async function withOpenStream(count: number) {
    const closed = Promise.withResolvers<void>();
    let open = 0;
    const setup = await withServer((response) => {
      open += 1;
      response.on('close', () => {
        open -= 1;
        closed.resolve();
      });
      response.writeHead(200, grpcWeb).flushHeaders();
      for (let i = 0; i < count; i += 1) response.write(message(User.toBinary(ada)));
    });
    return { ...setup, closed: closed.promise, openCalls: () => open };
  }

  test('45. comes by the deadline when no server answers', async () => {
    await using setup = await withOpenStream(0);
    const error = await failureOf(setup.client.getUser(getAda, { timeout: 50 }));
    expect(error.code).toBe('DEADLINE_EXCEEDED');
    // On a busy machine the deadline may pass before the call has reached the server.
    await expect.poll(setup.openCalls).toBe(0);
  });

  const half = adaResponse.subarray(0, 9);
  test.each<[string, Answer]>([
    ['nothing comes at all', () => undefined],
    ['the head comes and then nothing', (response) => void response.writeHead(200, grpcWeb).flushHeaders()],
    ['half a message comes', (response) => void response.writeHead(200, grpcWeb).write(half)],
    ['the message comes and no trailers', (response) => void response.writeHead(200, grpcWeb).write(adaResponse)],
    [
      'all comes but the end',
      (response) => void response.writeHead(200, grpcWeb).write(Buffer.concat([adaResponse, frame(0x80, 'grpc-', 20)])),
    ],
    [
      'a byte comes now and then, for ever',
      async (response) => {
        response.writeHead(200, grpcWeb);
        response.write(frame(0, '', 1_000_000));
        while (!response.destroyed) {
          response.write('x');
          await new Promise((next) => setTimeout(next, 5));
        }
      },
    ],
  ])('45. comes by the deadline, and is no success, when %s', async (_, answer) => {
    await using setup = await withServer(answer);
    const error = await failureOf(setup.client.getUser(getAda, { timeout: 100 }));
    expect(error.code).toBe('DEADLINE_EXCEEDED');
  });

  test('45. comes by the deadline when no connection is ever made', async () => {
    const never: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
    const client = new UserServiceClient(createTransport({ baseUrl: '', fetch: never }));
    expect((await failureOf(client.getUser(getAda, { timeout: 50 }))).code).toBe('DEADLINE_EXCEEDED');
  });

  test('45. comes at once when the deadline lies in the past', async () => {
    await using setup = await withOpenStream(0);
    const error = await failureOf(setup.client.getUser(getAda, { timeout: new Date(Date.now() - 1000) }));
    expect(error.code).toBe('DEADLINE_EXCEEDED');
  });

  test.each([
    ['without a reason', undefined],
    ['with a text', 'bye'],
    ['with an error', new Error('bye')],
  ])('by the caller is a cancel, aborted %s', async (_, reason) => {
    await using setup = await withOpenStream(1);
    const abort = new AbortController();
    const call = setup.client.listUsers(listAll, { abort: abort.signal });
    const responses = call.responses[Symbol.asyncIterator]();
    await responses.next();
    abort.abort(reason);
    const error = await failureOf(responses.next());
    expect(error.code).toBe('CANCELLED');
    expect(isCancel(error)).toBe(true);
    await setup.closed;
  });

  test('by a server that says CANCELLED is no cancel of ours', async () => {
    await using setup = await withServer(bytes(trailers('grpc-status: 1\r\n')));
    const error = await failureOf(setup.client.deleteUser(DeleteUserRequest.create({ id: 'a' })));
    expect(error.code).toBe('CANCELLED');
    expect(isCancel(error)).toBe(false);
  });

  test('reaches the server when the loop is left', async () => {
    await using setup = await withOpenStream(3);
    const call = setup.client.listUsers(listAll);
    for await (const _ of call.responses) break;
    await setup.closed;
    expect((await failureOf(call.status)).code).toBe('CANCELLED');
  });

  test('reaches the server when a message cannot be read', async () => {
    const closed = Promise.withResolvers<void>();
    await using setup = await withServer((response) => {
      response.on('close', () => closed.resolve());
      response.writeHead(200, grpcWeb).write(frame(0, Uint8Array.of(0xff, 0xff)));
    });
    const responses = setup.client.listUsers(listAll).responses[Symbol.asyncIterator]();
    expect((await failureOf(responses.next())).code).toBe('INTERNAL');
    await closed.promise;
  });
});

describe('a stream', () => {
  test('gives its headers before its first message', async () => {
    await using setup = await withServer((response) => {
      response.writeHead(200, { ...grpcWeb, 'x-color': 'blue' }).flushHeaders();
    });
    const abort = new AbortController();
    const call = setup.client.listUsers(listAll, { abort: abort.signal });
    expect(await call.headers).toMatchObject({ 'x-color': 'blue' });
    abort.abort();
  });

  test('makes the server pause when its reader pauses', async () => {
    const user = message(User.toBinary(User.create({ name: 'x'.repeat(100_000) })));
    const totalBytes = 200_000_000;
    let sentBytes = 0;
    const paused = Promise.withResolvers<void>();
    await using setup = await withServer(async (response) => {
      response.writeHead(200, grpcWeb);
      while (sentBytes < totalBytes && !response.destroyed) {
        sentBytes += user.length;
        if (response.write(user)) continue;
        const drained = once(response, 'drain').then(() => 'drained');
        const waited = new Promise<string>((done) => setTimeout(done, 300, 'paused'));
        if ((await Promise.race([drained, waited])) === 'paused') return paused.resolve();
      }
    });
    const responses = setup.client.listUsers(listAll).responses[Symbol.asyncIterator]();
    await responses.next();
    await paused.promise;
    expect(sentBytes).toBeLessThan(totalBytes / 4);
    await responses.return?.();
  });

  test('takes no callbacks and no second reader', async () => {
    await using setup = await withServer(bytes(okTrailers));
    const { responses } = setup.client.listUsers(listAll);
    expect(() => responses.onMessage(() => undefined)).toThrow('for await');
    for await (const _ of responses);
    expect(() => responses[Symbol.asyncIterator]()).toThrow('already being read');
  });
});
