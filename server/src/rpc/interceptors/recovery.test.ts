import { expect, test } from 'vitest';
import { failureOf } from '../read-failure.ts';
import { Code } from '../rpc-error.ts';
import { frame, openRawCall, startTestServer, untilAborted } from '../test-server.ts';

/** Calls with a deadline that the server alone keeps: a client that keeps it too may be the first to end the call. */
async function statusAtDeadline(port: number): Promise<unknown> {
  const call = openRawCall(port, '/userservice.v1.UserService/GetUser', { 'grpc-timeout': '50m' });
  call.stream.resume().end(frame(new Uint8Array()));
  return (await call.status)['grpc-status'];
}

test('an unknown failure is INTERNAL with an incident, and its text stands in the log alone', async () => {
  const { client, logLines } = await startTestServer({
    getUser: () => Promise.reject(new Error('password=hunter2 at /srv/roster/store.ts')),
  });
  const failure = await failureOf(client.getUser({ id: '' }));
  const incident = failure.info['incident'];
  expect(failure).toMatchObject({
    code: 'INTERNAL',
    message: `Internal error, incident ${incident}`,
    reason: 'INTERNAL',
  });
  expect(incident).toMatch(/^[0-9a-f-]{36}$/);
  expect(JSON.stringify(failure)).not.toContain('hunter2');
  expect(logLines).toContainEqual(
    expect.objectContaining({
      incident,
      err: expect.objectContaining({ message: expect.stringContaining('hunter2') }),
    }),
  );
});

test('a handler that throws before its first await, or throws what is no error, is answered', async () => {
  const { client } = await startTestServer({
    getUser: ({ id }) => {
      throw id ? 'text' : new TypeError('broken');
    },
  });
  expect((await failureOf(client.getUser({ id: '' }))).code).toBe('INTERNAL');
  expect((await failureOf(client.getUser({ id: 'x' }))).code).toBe('INTERNAL');
});

test('a response that cannot be encoded is INTERNAL with an incident', async () => {
  const { client } = await startTestServer({ getUser: async () => ({ user: JSON.parse('{"id":7}') }) });
  expect(await failureOf(client.getUser({ id: '' }))).toMatchObject({
    code: 'INTERNAL',
    info: { incident: expect.any(String) },
  });
});

test('a store that cannot be reached is UNAVAILABLE with a delay for the next try', async () => {
  const error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const { client } = await startTestServer({ getUser: () => Promise.reject(error) });
  expect(await failureOf(client.getUser({ id: '' }))).toMatchObject({
    code: 'UNAVAILABLE',
    reason: 'STORE_UNAVAILABLE',
    hasRetryDelay: true,
  });
});

test('a query of an interceptor that the deadline has cancelled is no incident either', async () => {
  const { port, logLines } = await startTestServer(
    {},
    {
      async authenticate(call) {
        await new Promise((resolve) => call.signal.addEventListener('abort', resolve));
        throw Object.assign(new Error('canceling statement due to user request'), { code: 'XX000' });
      },
    },
  );
  expect(await statusAtDeadline(port)).toBe(String(Code.DEADLINE_EXCEEDED));
  await expect.poll(() => logLines.map(({ code }) => code)).toEqual(['DEADLINE_EXCEEDED']);
});

test('a statement that the deadline has cancelled is DEADLINE_EXCEEDED, and no incident', async () => {
  const { port, logLines } = await startTestServer({
    async getUser(_request, context) {
      await untilAborted(context).catch(() => undefined);
      throw Object.assign(new Error('canceling statement due to user request'), { code: '57014' });
    },
  });
  expect(await statusAtDeadline(port)).toBe(String(Code.DEADLINE_EXCEEDED));
  await expect.poll(() => logLines.map(({ code }) => code)).toEqual(['DEADLINE_EXCEEDED']);
});
