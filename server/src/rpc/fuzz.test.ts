import { CreateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { userServiceDefinition } from '@roster/proto/gen/userservice/v1/user_service.grpc-server';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Code } from './rpc-error.ts';
import { frame, openRawCall, startTestServer, userOf } from './test-server.ts';

const paths = Object.values(userServiceDefinition).map(({ path }) => path);

const valid = fc
  .record({ name: fc.string({ unit: 'binary' }), id: fc.string(), metadata: fc.dictionary(fc.string(), fc.string()) })
  .map((fields) => CreateUserRequest.toBinary(CreateUserRequest.create(fields)));

/** A good message with some of its bytes replaced. */
const damaged = fc
  .tuple(valid, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 5 }))
  .map(([bytes, changes]) => {
    const copy = Uint8Array.from(bytes);
    for (const [at, value] of changes) if (copy.length > 0) copy[at % copy.length] = value;
    return copy;
  });

const body = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map(frame),
  damaged.map(frame),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.array(damaged, { maxLength: 5 }).map((messages) => Buffer.concat(messages.map(frame))),
);

/** What a body may be answered with: it is good, it is refused, it has too many or too few messages, or its frames are beyond grpc-js' own limits. */
const allowed = [Code.OK, Code.INVALID_ARGUMENT, Code.UNIMPLEMENTED, Code.RESOURCE_EXHAUSTED, Code.INTERNAL].map(
  String,
);

test('41. any bytes sent to any method get one status, no failure of ours among them, and the server lives', async () => {
  const read = async (requests: AsyncIterable<unknown>): Promise<void> => {
    for await (const request of requests) JSON.stringify(request);
  };
  const user = async () => ({ user: userOf('ada') });
  const { port, client, logLines } = await startTestServer({
    getUser: user,
    createUser: user,
    updateUser: user,
    undeleteUser: user,
    deleteUser: async () => ({}),
    purgeUser: async () => ({}),
    async *listUsers() {
      yield userOf('ada');
    },
    async bulkCreateUsers(requests) {
      await read(requests);
      return { createdCount: 0, failedIds: [], failures: [] };
    },
    async *syncUsers(requests) {
      await read(requests);
      yield { id: '', status: 0 };
    },
  });
  const property = fc.asyncProperty(fc.constantFrom(...paths), body, async (path, bytes) => {
    const { stream, status } = openRawCall(port, path);
    stream.resume().end(bytes);
    expect(allowed).toContain((await status)['grpc-status']);
    stream.session?.destroy();
  });
  await fc.assert(property, { numRuns: 400 });
  expect((await client.getUser({ id: 'ada' })).response.user?.id).toBe('ada');
  // grpc-js says INTERNAL itself where a frame claims to be compressed and is not; nothing of ours may.
  expect(logLines.filter(({ code }) => code === 'INTERNAL')).toEqual([]);
});
