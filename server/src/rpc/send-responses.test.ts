import { User } from '@roster/proto/gen/userservice/v1/user';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import type { LivePart, Outlet } from './live-part.ts';
import { detailsOf, failureOf } from './read-failure.ts';
import { invalidArgument } from './rpc-error.ts';
import { frame, openRawCall, startTestServer, userOf } from './test-server.ts';

const listUsers = '/userservice.v1.UserService/ListUsers';

/** A server whose list sends one user, and goes on as a live part that the test holds. */
async function startLiveServer(
  onStart: (outlet: Outlet) => void = () => undefined,
  options?: Parameters<typeof startTestServer>[1],
) {
  const started = Promise.withResolvers<Outlet>();
  const told: string[] = [];
  const part: LivePart = {
    start(outlet) {
      onStart(outlet);
      started.resolve(outlet);
    },
    onRoom: () => void started.promise.then(fill),
    stop: () => told.push('stop'),
  };
  const server = await startTestServer(
    {
      async *listUsers() {
        yield userOf('first');
        return part;
      },
    },
    options,
  );
  /** Sends large messages, as many as there is room for, and the rest whenever there is some. */
  let unsent = 0;
  const fill = (outlet: Outlet) => {
    for (let hasRoom = true; hasRoom && unsent > 0; unsent -= 1) hasRoom = outlet.write(message('x'.repeat(10_000)));
    if (unsent === 0) outlet.end();
  };
  const send = async (count: number) => {
    unsent = count;
    fill(await started.promise);
  };
  const ids: string[] = [];
  const read = async (abort?: AbortSignal): Promise<void> => {
    const call = server.client.listUsers(ListUsersRequest.create(), { ...(abort && { abort }) });
    for await (const { id } of call.responses) ids.push(id);
  };
  return { ...server, told, ids, read, started: started.promise, send, unsent: () => unsent };
}

const message = (id: string) => User.toBinary(userOf(id));

test('a live part sends behind what its handler has sent, and ends the call well', async () => {
  const { read, started, ids, told } = await startLiveServer();
  const reading = read();
  const outlet = await started;
  expect([outlet.write(message('second')), outlet.write(message('third'))]).toEqual([true, true]);
  outlet.end();
  await reading;
  expect(ids).toEqual(['first', 'second', 'third']);
  expect(told).toEqual(['stop']);
  expect(outlet.write(message('late'))).toBe(false);
  outlet.end();
  expect(told).toEqual(['stop']);
});

test('what a live part ends or begins with reaches the caller', async () => {
  const wrong = invalidArgument([{ field: 'filter', description: 'No.', reason: 'BAD' }]);
  const ending = await startLiveServer((outlet) => outlet.end(wrong));
  expect(await failureOf(ending.read())).toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'BAD' });
  expect(ending.told).toEqual(['stop']);
  const throwing = await startLiveServer(() => {
    throw wrong;
  });
  expect(await failureOf(throwing.read())).toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'BAD' });
  expect(throwing.told).toEqual(['stop']);
});

test('a live part is stopped when its caller goes away', async () => {
  const { read, started, told } = await startLiveServer();
  const abort = new AbortController();
  const failure = failureOf(read(abort.signal));
  await started;
  abort.abort();
  expect((await failure).code).toBe('CANCELLED');
  await expect.poll(() => told).toEqual(['stop']);
});

test('a live part is told when there is room again', async () => {
  const { port, send, unsent } = await startLiveServer();
  const { stream, status } = openRawCall(port, listUsers);
  let received = 0;
  stream.on('data', (chunk: Buffer) => {
    received += chunk.byteLength;
  });
  stream.pause().end(frame(new Uint8Array()));
  await send(100);
  expect(unsent()).toBeGreaterThan(40);
  stream.resume();
  expect((await status)['grpc-status']).toBe('0');
  expect(received).toBeGreaterThan(1_000_000);
});

test('a live part whose reader makes no room in time is ended with SLOW_READER', async () => {
  const { port, send, told } = await startLiveServer(undefined, { limits: { blockedStreamMs: 100 } });
  const { stream, status } = openRawCall(port, listUsers);
  stream.pause().end(frame(new Uint8Array()));
  await send(100);
  await expect.poll(() => told).toEqual(['stop']);
  stream.resume();
  const received = await status;
  expect(received['grpc-status']).toBe('10');
  expect(detailsOf(received['grpc-status-details-bin']).reason).toBe('SLOW_READER');
});
