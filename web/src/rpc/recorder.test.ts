import type { RpcMetadata } from '@protobuf-ts/runtime-rpc';
import { CredentialService } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { SessionService } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { TokenService } from '@roster/proto/gen/roster/tokens/v1/token_service';
import { User } from '@roster/proto/gen/userservice/v1/user';
import {
  GetUserRequest,
  GetUserResponse,
  ListUsersRequest,
  UserService,
} from '@roster/proto/gen/userservice/v1/user_service';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { expect, test } from 'vitest';
import type { CallWatch } from './call-observer.ts';
import { createRecorder, type RecordedCall, type Recorder, type RecorderOptions } from './recorder.ts';
import { type Answer, grpcWeb, message, okTrailers, startRawServer, trailers } from './testing/raw-server.ts';
import { createTransport } from './transport.ts';

const ada = User.create({ id: 'a', name: 'Ada Löwe' });
const adaResponse = GetUserResponse.toBinary(GetUserResponse.create({ user: ada }));
const getAda = GetUserRequest.create({ id: 'a' });
const listAll = ListUsersRequest.create({});

async function withServer(answer: Answer, options: RecorderOptions = {}) {
  const server = await startRawServer(answer);
  const recorder = createRecorder(options);
  const client = new UserServiceClient(createTransport({ baseUrl: server.baseUrl, observe: recorder.observe }));
  return { recorder, client, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

function onlyCall(recorder: Recorder): RecordedCall {
  const [call, ...others] = recorder.calls();
  if (!call || others.length > 0) throw new Error(`There are ${recorder.calls().length} calls.`);
  return call;
}

/** Starts a call of GetUser by hand: what follows is the recorder's own doing. */
function start(recorder: Recorder, size = 0, metadata: RpcMetadata = {}): CallWatch {
  const method = UserService.methods[0];
  const watch = method && recorder.observe({ method, metadata, message: new Uint8Array(size), timeoutMs: 1 });
  if (!watch) throw new Error('The call is not watched.');
  return watch;
}

const ok = { code: 'OK', message: '', metadata: {} };

test('a unary call is kept with its request, answer, metadata, status, deadline and bytes', async () => {
  await using setup = await withServer((response) => {
    response.writeHead(200, { ...grpcWeb, 'x-color': 'blue' });
    response.end(Buffer.concat([message(adaResponse), trailers('grpc-status: 0\r\nx-end: yes\r\n')]));
  });
  await setup.client.getUser(getAda, { timeout: 1234, meta: { 'x-request-id': 'r1' } });
  const call = onlyCall(setup.recorder);
  expect(call.method.name).toBe('GetUser');
  expect(call.timeoutMs).toBe(1234);
  expect(call.metadata).toEqual({ 'x-request-id': 'r1' });
  expect(call.request.bytes).toEqual(GetUserRequest.toBinary(getAda));
  expect(call.opened).toMatchObject({ httpStatus: 200, headers: { 'x-color': 'blue' } });
  expect(call.frames.map(({ bytes }) => bytes)).toEqual([adaResponse]);
  expect(call.ended).toMatchObject({ code: 'OK', metadata: { 'x-end': 'yes' } });
  expect(call.bytesUp).toBe(5 + GetUserRequest.toBinary(getAda).length);
  expect(call.bytesDown).toBe(5 + adaResponse.length + 5 + 'grpc-status: 0\r\nx-end: yes\r\n'.length);
});

test('a failed call is kept with its status and trailers', async () => {
  await using setup = await withServer((response) => {
    response.writeHead(200, grpcWeb).end(trailers('grpc-status: 5\r\ngrpc-message: no%20one\r\nx-end: yes\r\n'));
  });
  await expect(setup.client.getUser(getAda)).rejects.toThrow('no one');
  expect(onlyCall(setup.recorder).ended).toMatchObject({
    code: 'NOT_FOUND',
    message: 'no one',
    metadata: { 'x-end': 'yes' },
  });
});

test('a call that no server answers ends as UNAVAILABLE, without a head', async () => {
  await using setup = await withServer((response) => void response.destroy());
  await expect(setup.client.getUser(getAda)).rejects.toThrow();
  expect(onlyCall(setup.recorder)).toMatchObject({ opened: undefined, ended: { code: 'UNAVAILABLE' } });
});

test('a stream is kept frame by frame, and as cancelled once its reader leaves', async () => {
  const users = ['a', 'b', 'c'].map((name) => User.toBinary(User.create({ name })));
  await using setup = await withServer((response) => {
    response.writeHead(200, grpcWeb).write(Buffer.concat(users.map((user) => message(user))));
  });
  let read = 0;
  for await (const _ of setup.client.listUsers(listAll).responses) {
    read += 1;
    expect(onlyCall(setup.recorder)).toMatchObject({ frameCount: read, ended: undefined });
    if (read === 2) break;
  }
  const call = onlyCall(setup.recorder);
  expect(call.frames.map(({ bytes }) => bytes)).toEqual(users.slice(0, 2));
  expect(call.ended?.code).toBe('CANCELLED');
});

test('a recorder that is asked nothing changes nothing for the caller', async () => {
  await using setup = await withServer((response) => {
    response.writeHead(200, grpcWeb).end(Buffer.concat([message(adaResponse), okTrailers]));
  });
  setup.recorder.pause(true);
  const { response } = await setup.client.getUser(getAda);
  expect(response.user).toEqual(ada);
  expect(setup.recorder.calls()).toEqual([]);
});

test('what signs a caller in is never kept, neither of requests nor of answers', () => {
  const recorder = createRecorder();
  const watch = start(recorder, 0, { Authorization: 'Bearer abc', cookie: ['abc', 'abc'], 'x-color': ['red', 'blue'] });
  watch.opened(200, { 'set-cookie': 'abc', 'x-next-page-token': 'position' });
  watch.ended({ ...ok, metadata: { 'x-session-token': 'abc' } });
  const { metadata, opened, ended } = onlyCall(recorder);
  const text = JSON.stringify({ metadata, opened, ended });
  expect(text).not.toContain('abc');
  expect(text).toContain('position');
  expect(metadata['x-color']).toEqual(['red', 'blue']);
});

test('no more calls than the ring holds are kept, and open ones outlive those that ended', () => {
  const recorder = createRecorder({ mostCalls: 3 });
  start(recorder);
  for (let i = 0; i < 10; i += 1) start(recorder).ended(ok);
  expect(recorder.calls().map(({ id }) => id)).toEqual([1, 10, 11]);
  for (let i = 0; i < 10; i += 1) start(recorder);
  expect(recorder.calls().map(({ id }) => id)).toEqual([19, 20, 21]);
});

test('no more frames of one call are kept than allowed, and all are counted', () => {
  const recorder = createRecorder({ mostFrames: 4 });
  const watch = start(recorder);
  for (let i = 0; i < 10; i += 1) watch.arrived('message', Uint8Array.of(i));
  const call = onlyCall(recorder);
  expect(call.frames.map(({ bytes }) => bytes?.[0])).toEqual([6, 7, 8, 9]);
  expect(call.frameCount).toBe(10);
});

test('messages stay within the byte budget: the oldest make room, their sizes stay', () => {
  const recorder = createRecorder({ mostBytes: 100 });
  const watch = start(recorder, 40);
  for (let i = 0; i < 4; i += 1) watch.arrived('message', new Uint8Array(30));
  watch.arrived('message', new Uint8Array(101));
  const call = onlyCall(recorder);
  expect(call.request).toMatchObject({ size: 40, bytes: undefined });
  expect(call.frames.map(({ size, bytes }) => [size, bytes !== undefined])).toEqual([
    [30, false],
    [30, true],
    [30, true],
    [30, true],
    [101, false],
  ]);
});

test('a kept message does not hold on to the buffer it came in', () => {
  const recorder = createRecorder();
  start(recorder).arrived('message', new Uint8Array(65_536).subarray(10, 20));
  expect(onlyCall(recorder).frames[0]?.bytes?.buffer.byteLength).toBe(10);
});

test('the bytes of calls that left the ring are free for others', () => {
  const recorder = createRecorder({ mostCalls: 1, mostBytes: 100 });
  for (let i = 0; i < 5; i += 1) {
    start(recorder, 60).ended(ok);
    expect(onlyCall(recorder).request.bytes).toBeDefined();
  }
});

test('a stream that left the ring or was cleared takes no more of the budget', () => {
  const recorder = createRecorder({ mostCalls: 1, mostBytes: 100 });
  const left = start(recorder, 10);
  start(recorder, 60);
  for (let i = 0; i < 5; i += 1) left.arrived('message', new Uint8Array(60));
  expect(onlyCall(recorder).request.bytes).toBeDefined();
});

test('while paused nothing is kept, but calls under way count on and end', () => {
  const recorder = createRecorder();
  const watch = start(recorder);
  recorder.pause(true);
  watch.arrived('message', new Uint8Array(3));
  watch.ended(ok);
  expect(onlyCall(recorder)).toMatchObject({ frames: [], frameCount: 1, bytesDown: 8, ended: { code: 'OK' } });
});

test('clearing forgets what has ended, and of open streams the messages so far', () => {
  const recorder = createRecorder();
  start(recorder).ended(ok);
  const open = start(recorder);
  open.arrived('message', Uint8Array.of(1));
  recorder.clear();
  open.arrived('message', Uint8Array.of(2));
  expect(onlyCall(recorder)).toMatchObject({ id: 2, frameCount: 2, frames: [{ bytes: Uint8Array.of(2) }] });
});

test('forgetting all leaves nothing of the calls under way either, now or later', () => {
  const recorder = createRecorder();
  start(recorder).ended(ok);
  const open = start(recorder, 10);
  open.arrived('message', Uint8Array.of(1));
  const [, call] = recorder.calls();
  recorder.forgetAll();
  open.opened(200, {});
  open.arrived('message', Uint8Array.of(2));
  open.ended(ok);
  expect(recorder.calls()).toEqual([]);
  expect(call).toMatchObject({ request: { bytes: undefined }, frames: [] });
});

test('of a call that may carry a password, a link or a token only the sizes are kept', () => {
  const recorder = createRecorder();
  const canary = new TextEncoder().encode('a password');
  for (const service of [SessionService, CredentialService, TokenService]) {
    for (const method of service.methods) {
      const watch = recorder.observe({ method, metadata: {}, message: canary, timeoutMs: 1 });
      watch?.arrived('message', canary);
      watch?.ended(ok);
    }
  }
  expect(recorder.calls().length).toBeGreaterThan(20);
  for (const { request, frames } of recorder.calls()) {
    for (const body of [request, ...frames]) expect(body).toMatchObject({ size: 10, bytes: undefined, isHidden: true });
  }
});
