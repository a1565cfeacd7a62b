import { expect, test } from 'vitest';
import { frame, openRawCall, startTestServer, userOf } from '../test-server.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

test('a sane request id of the caller names the call, in the handler, the log and the response', async () => {
  const seen: string[] = [];
  const { client, logLines } = await startTestServer({
    async getUser(_request, { requestId }) {
      seen.push(requestId);
      return { user: userOf('') };
    },
  });
  const id = '!~'.repeat(64);
  const { headers } = await client.getUser({ id: '' }, { meta: { 'x-request-id': id } });
  expect(headers['x-request-id']).toBe(id);
  expect(seen).toEqual([id]);
  expect(logLines).toContainEqual(expect.objectContaining({ requestId: id }));
});

test.each(['', 'two words', 'x'.repeat(129), 'ümlaut'])('the request id %o is replaced by a new one', async (given) => {
  const { port } = await startTestServer({ getUser: async () => ({ user: userOf('') }) });
  const { stream } = openRawCall(port, '/userservice.v1.UserService/GetUser', { 'x-request-id': given });
  const headers = new Promise<Record<string, unknown>>((resolve) => stream.on('response', resolve));
  stream.resume().end(frame(new Uint8Array()));
  expect((await headers)['x-request-id']).toMatch(uuid);
});

test('a call that fails says its request id too', async () => {
  const { port } = await startTestServer({ getUser: () => Promise.reject(new Error('broken')) });
  const { stream, status } = openRawCall(port, '/userservice.v1.UserService/GetUser', { 'x-request-id': 'abc' });
  stream.resume().end(frame(new Uint8Array()));
  expect(await status).toMatchObject({ 'grpc-status': '13', 'x-request-id': 'abc' });
});
