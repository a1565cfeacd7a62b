import { connect } from 'node:net';
import { askAdmin } from '@roster/envoy/admin';
import { GetUserRequest, UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, onTestFinished, test } from 'vitest';
import { access } from '../rules/access.ts';
import { startTestEdge } from '../testing/test-edge.ts';
import { detailsOf, failureOf } from './read-failure.ts';
import { frame, openRawCall, readable, startTestServer, userOf } from './test-server.ts';

const service = '/userservice.v1.UserService';
const getUser = `${service}/GetUser`;
const request = frame(GetUserRequest.toBinary(GetUserRequest.create({ id: 'ada' })));

test.each([
  ['nothing', 'GetUser', Buffer.alloc(0)],
  ['a part of its message', 'GetUser', request.subarray(0, -1)],
  ['its message, but not its end', 'GetUser', request],
  ['nothing', 'ListUsers', Buffer.alloc(0)],
])('44. a call that sends %s (%s) is DEADLINE_EXCEEDED after a time of ours', async (_what, method, bytes) => {
  const { port } = await startTestServer({}, { limits: { requestMs: 50 } });
  const { stream, status } = openRawCall(port, `${service}/${method}`);
  stream.resume().write(bytes);
  const received = await status;
  expect(received['grpc-status']).toBe('4');
  expect(detailsOf(received['grpc-status-details-bin']).reason).toBe('REQUEST_TOO_SLOW');
});

test('44. neither a handler that takes longer nor a stream of requests is ended by the time for a request', async () => {
  const [entered, leave] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const { port, client } = await startTestServer(
    {
      async getUser({ id }) {
        await leave.promise;
        return { user: userOf(id) };
      },
      async bulkCreateUsers(requests) {
        entered.resolve();
        const failedIds: string[] = [];
        for await (const { id } of readable(requests)) failedIds.push(id);
        return { createdCount: 0, failedIds, failures: [] };
      },
    },
    { limits: { requestMs: 50 } },
  );
  const whole = client.getUser({ id: 'ada' });
  const stream = client.bulkCreateUsers();
  await entered.promise;
  const halfOpen = openRawCall(port, getUser);
  halfOpen.stream.resume();
  expect((await halfOpen.status)['grpc-status']).toBe('4');
  leave.resolve();
  await stream.requests.complete();
  expect((await whole.response).user?.id).toBe('ada');
  expect((await stream.response).createdCount).toBe(0);
});

test('44. through the proxy too a call that never ends is answered in time, and nothing of it is left at the server', async () => {
  const { port } = await startTestServer({}, { limits: { requestMs: 50 } });
  const { envoy } = await startTestEdge({ app: { port } });
  const answers = await Promise.all(Array.from({ length: 20 }, () => halfOpenWebCall(envoy.edgePort)));
  for (const answer of answers) expect(answer).toMatch(/^grpc-status: ?4\r$/m);
  const active = () => askAdmin(envoy.adminPort, '/stats?filter=^cluster\\.backend\\.upstream_rq_active$');
  await expect.poll(active).toBe('cluster.backend.upstream_rq_active: 0\n');
});

const open = access.ruleOf('/roster.sessions.v1.SessionService/GetSignInOptions');
/** Anybody may get a user; all else is as it is. */
const openGetUser = { ...access, ruleOf: (method: string) => (method === getUser ? open : access.ruleOf(method)) };

test('44. half-open calls that anybody may make keep out nobody who is signed in, and from one network nobody of another', async () => {
  const handlers = {
    getUser: async () => ({ user: userOf('ada') }),
    updateUser: async () => ({ user: userOf('ada') }),
  };
  const limits = { openInFlightCallsMax: 4, openInFlightCallsPerNetworkMax: 2 };
  const { port, client } = await startTestServer(handlers, { access: openGetUser, limits });
  const halfOpen = (address: string) => openRawCall(port, getUser, { 'x-forwarded-for': address });
  const getFrom = (address: string) => client.getUser({ id: '' }, { meta: { 'x-forwarded-for': address } });
  const held = ['192.0.2.1', '192.0.2.1'].map(halfOpen);
  // Streams of one connection are begun in order, those of several are not: it is asked until they have come.
  const refusal = { code: 'UNAVAILABLE', reason: 'TOO_MANY_CALLS', hasRetryDelay: true };
  await expect.poll(() => outcomeOf(getFrom('192.0.2.1'))).toMatchObject(refusal);
  expect(await outcomeOf(getFrom('198.51.100.1'))).toBe('answered');
  held.push(...['198.51.100.1', '203.0.113.1'].map(halfOpen));
  await expect.poll(() => outcomeOf(getFrom('203.0.113.2'))).toMatchObject(refusal);
  expect(await outcomeOf(client.updateUser(UpdateUserRequest.create()))).toBe('answered');
  for (const { stream } of held) stream.end(request);
  await expect.poll(() => outcomeOf(getFrom('203.0.113.2'))).toBe('answered');
});

function outcomeOf(call: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(call).then(
    () => 'answered',
    () => failureOf(call),
  );
}

/** Begins a gRPC-Web call of 5 bytes, sends 4 of them, and waits for the answer all the same. */
function halfOpenWebCall(port: number): Promise<string> {
  const head = ['POST /userservice.v1.UserService/GetUser HTTP/1.1', 'host: localhost', 'content-length: 5'];
  const types = ['content-type: application/grpc-web+proto', 'x-grpc-web: 1', '\r\n'];
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  onTestFinished(() => void socket.destroy());
  socket.write(`${[...head, ...types].join('\r\n')}\0\0\0\0`);
  return new Promise((resolve, reject) => {
    let answer = '';
    socket.on('error', reject).on('close', () => resolve(answer));
    socket.on('data', (text) => {
      answer += text;
    });
  });
}
