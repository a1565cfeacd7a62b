import { expect, test } from 'vitest';
import { detailsOf } from './read-failure.ts';
import { frame, openRawCall, startTestServer, userOf } from './test-server.ts';

const listUsers = '/userservice.v1.UserService/ListUsers';

test('a reader that stops reading pauses its handler, and is ended with SLOW_READER when it does not go on', async () => {
  let yielded = 0;
  const ended = Promise.withResolvers<void>();
  const { port, logLines } = await startTestServer(
    {
      async *listUsers() {
        try {
          for (;;) {
            yielded += 1;
            yield userOf('x'.repeat(10_000));
          }
        } finally {
          ended.resolve();
        }
      },
    },
    { limits: { blockedStreamMs: 100 } },
  );
  const { stream, status } = openRawCall(port, listUsers);
  stream.pause().end(frame(new Uint8Array()));
  await ended.promise;
  // A 64 KiB stream window, what Node buffers, and the sink's 16 messages.
  expect(yielded).toBeLessThan(60);
  await expect.poll(() => logLines).toContainEqual(expect.objectContaining({ method: listUsers, code: 'ABORTED' }));

  stream.resume();
  const received = await status;
  expect(received['grpc-status']).toBe('10');
  expect(detailsOf(received['grpc-status-details-bin']).reason).toBe('SLOW_READER');
});

test('a reader that pauses for less than the limit gets every message', async () => {
  let yielded = 0;
  const { port } = await startTestServer({
    async *listUsers() {
      while (yielded < 100) {
        yielded += 1;
        yield userOf('x'.repeat(10_000));
      }
    },
  });
  const { stream, status } = openRawCall(port, listUsers);
  let received = 0;
  stream.on('data', (chunk: Buffer) => {
    received += chunk.byteLength;
  });
  stream.pause().end(frame(new Uint8Array()));
  await expect.poll(() => yielded).toBeGreaterThanOrEqual(16);
  expect(yielded).toBeLessThan(60);
  stream.resume();
  expect((await status)['grpc-status']).toBe('0');
  expect(received).toBeGreaterThan(1_000_000);
});
