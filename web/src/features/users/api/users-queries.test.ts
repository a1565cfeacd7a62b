import { User } from '@roster/proto/gen/userservice/v1/user';
import { GetUserResponse } from '@roster/proto/gen/userservice/v1/user_service';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { createTransport } from '../../../rpc/transport.ts';
import { putUser, userKey, userQuery } from './users-queries.ts';

const user = (revision: number) => User.create({ id: 'u', revision });

/** A client whose server answers when it is told to. */
function slowClient(answer: User) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const fetch = async () => {
    await promise;
    return new Response(frames(GetUserResponse.toBinary({ user: answer })), {
      headers: { 'content-type': 'application/grpc-web+proto' },
    });
  };
  return { client: new UserServiceClient(createTransport({ baseUrl: 'http://localhost', fetch })), answer: resolve };
}

/** One message and the trailers of an OK, as gRPC-Web frames them. */
function frames(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const trailers = new TextEncoder().encode('grpc-status: 0\r\n');
  const frame = (flag: number, body: Uint8Array) => [flag, 0, 0, body.length >> 8, body.length & 255, ...body];
  return new Uint8Array([...frame(0, message), ...frame(0x80, trailers)]);
}

test.each([
  [7, 8, 8],
  [8, 7, 8],
])('an answer of revision %i that arrives after the feed brought %i leaves %i', async (answered, fed, held) => {
  const cache = new QueryClient();
  const { client, answer } = slowClient(user(answered));
  const reading = cache.fetchQuery(userQuery(client, 'u'));
  putUser(cache, user(fed));
  answer();
  expect((await reading).revision).toBe(held);
  expect(cache.getQueryData<User>(userKey('u'))?.revision).toBe(held);
});

test('a row of the feed that is not newer changes nothing, so that nothing is drawn anew', () => {
  const cache = new QueryClient();
  const first = user(7);
  putUser(cache, first);
  putUser(cache, user(7));
  putUser(cache, user(6));
  expect(cache.getQueryData(userKey('u'))).toBe(first);
});
