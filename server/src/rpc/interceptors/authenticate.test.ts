import { expect, test } from 'vitest';
import { failureOf } from '../read-failure.ts';
import { frame, openRawCall, operator, startTestServer, userOf } from '../test-server.ts';
import { authenticateLocalOperator } from './authenticate.ts';

const getUser = '/userservice.v1.UserService/GetUser';
const hosts = ['localhost', '127.0.0.1', '[::1]'];

test.each([
  { authority: 'localhost', status: '0' },
  { authority: 'LOCALHOST:8080', status: '0' },
  { authority: '127.0.0.1:50051', status: '0' },
  { authority: '[::1]:8080', status: '0' },
  { authority: 'localhost.evil.example', status: '16' },
  { authority: 'evil.example:8080', status: '16' },
  { authority: '192.168.0.7:8080', status: '16' },
])('a call to $authority from loopback has status $status', async ({ authority, status: expected }) => {
  const { port } = await startTestServer(
    { getUser: async (_request, { caller }) => ({ user: userOf(caller.id) }) },
    { authenticate: authenticateLocalOperator({ operator, hosts, trustedPeers: [] }) },
  );
  const { stream, status } = openRawCall(port, getUser, { ':authority': authority });
  stream.resume().end(frame(new Uint8Array()));
  expect((await status)['grpc-status']).toBe(expected);
});

test.each([
  { peer: '127.0.0.1:5000', isIn: true },
  { peer: '127.8.9.1:5000', isIn: true },
  { peer: '::1:5000', isIn: true },
  { peer: '::ffff:127.0.0.1:5000', isIn: true },
  { peer: '172.18.0.3:5000', isIn: true },
  { peer: '::ffff:172.18.0.3:5000', isIn: true },
  { peer: '172.19.0.3:5000', isIn: false },
  { peer: '10.0.0.1:5000', isIn: false },
  { peer: 'fe80::1:5000', isIn: false },
  { peer: 'unknown', isIn: false },
  { peer: '', isIn: false },
])('a connection from $peer is let in: $isIn', async ({ peer, isIn }) => {
  const authenticate = authenticateLocalOperator({ operator, hosts, trustedPeers: ['172.18.0.0/16'] });
  const call = { ...callFrom, peer };
  let ran = false;
  const answered = authenticate(call, async () => {
    ran = true;
  });
  if (isIn) await answered;
  else await expect(answered).rejects.toMatchObject({ code: 16 });
  expect(ran).toBe(isIn);
  expect(call.caller).toBe(isIn ? operator : undefined);
});

test('a trusted peer that is no address is refused at the start', () => {
  expect(() => authenticateLocalOperator({ operator, hosts, trustedPeers: ['envoy'] })).toThrow('envoy');
});

test('a refused caller learns why', async () => {
  const authenticate = authenticateLocalOperator({ operator, hosts: [], trustedPeers: [] });
  const { client } = await startTestServer({}, { authenticate });
  expect(await failureOf(client.getUser({ id: '' }))).toMatchObject({
    code: 'UNAUTHENTICATED',
    reason: 'NOT_SIGNED_IN',
  });
});

const callFrom = {
  method: { path: getUser, kind: 'unary' as const },
  signal: new AbortController().signal,
  deadline: undefined,
  host: 'localhost:8080',
  requestId: '',
  caller: undefined,
  header: () => undefined,
  setHeader: () => undefined,
  setTrailer: () => undefined,
  metadata: () => [],
  addHeader: () => undefined,
  addTrailer: () => undefined,
};
