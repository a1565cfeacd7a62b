import { HealthCheckResponse_ServingStatus as ServingStatus } from '@roster/proto/gen/grpc/health/v1/health';
import { HealthClient } from '@roster/proto/gen/grpc/health/v1/health.client';
import { expect, test } from 'vitest';
import { failureOf } from './read-failure.ts';
import { unauthenticated } from './rpc-error.ts';
import { startTestServer } from './test-server.ts';

const userService = 'userservice.v1.UserService';

test('Check answers for the server and each of its services, and needs no caller', async () => {
  const { transport } = await startTestServer({}, { authenticate: () => Promise.reject(unauthenticated('X', 'x')) });
  const health = new HealthClient(transport);
  expect((await health.check({ service: '' })).response.status).toBe(ServingStatus.SERVING);
  expect((await health.check({ service: userService })).response.status).toBe(ServingStatus.SERVING);
  expect(Object.keys((await health.list({})).response.statuses)).toEqual(['', userService]);
});

test('Check of a service that is not served is NOT_FOUND', async () => {
  const { transport } = await startTestServer({});
  expect((await failureOf(new HealthClient(transport).check({ service: 'x' }))).code).toBe('NOT_FOUND');
});

test('Watch tells each change once, and ends with the server', async () => {
  const { transport, server } = await startTestServer({});
  const call = new HealthClient(transport).watch({ service: userService });
  const statuses = call.responses[Symbol.asyncIterator]();
  expect((await statuses.next()).value?.status).toBe(ServingStatus.SERVING);
  server.setServing(true);
  server.setServing(false);
  expect((await statuses.next()).value?.status).toBe(ServingStatus.NOT_SERVING);
  server.setServing(true);
  expect((await statuses.next()).value?.status).toBe(ServingStatus.SERVING);
  server.drain();
  expect((await statuses.next()).value?.status).toBe(ServingStatus.NOT_SERVING);
  await server.stop();
  expect((await statuses.next()).done).toBe(true);
});

test('Watch of a service that is not served says so and stays open', async () => {
  const { transport } = await startTestServer({});
  const abort = new AbortController();
  const call = new HealthClient(transport).watch({ service: 'x' }, { abort: abort.signal });
  const { value } = await call.responses[Symbol.asyncIterator]().next();
  expect(value?.status).toBe(ServingStatus.SERVICE_UNKNOWN);
  const failure = failureOf(call.status);
  abort.abort();
  expect((await failure).code).toBe('CANCELLED');
});

test('a server that drains does not become healthy again', async () => {
  const { transport, server } = await startTestServer({});
  server.drain();
  server.setServing(true);
  const { response } = await new HealthClient(transport).check({ service: '' });
  expect(response.status).toBe(ServingStatus.NOT_SERVING);
});
