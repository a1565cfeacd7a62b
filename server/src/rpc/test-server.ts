import { connect } from 'node:http2';
import { ChannelCredentials } from '@grpc/grpc-js';
import { GrpcTransport } from '@protobuf-ts/grpc-transport';
import { type User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { type IUserService, userServiceDefinition } from '@roster/proto/gen/userservice/v1/user_service.grpc-server';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import { access, scopes } from '../rules/access.ts';
import type { CallContext, Caller, StreamedRequest } from './context.ts';
import { RpcError } from './rpc-error.ts';
import { createRpcServer, type RpcServerOptions } from './server.ts';
import { bindService, type Handlers } from './service.ts';

/** A program that may call everything. */
export const operator: Caller = {
  id: 'token:operator',
  name: 'Operator',
  role: UserRole.ADMIN,
  userId: undefined,
  sessionId: undefined,
  tokenId: 'operator',
  scopes,
  isFresh: true,
  expiresAt: undefined,
};

/** Starts a real server on a free port, with the handlers given and a generated client for it. Both end with the test. */
export async function startTestServer(
  handlers: Partial<Handlers<IUserService>>,
  options: Partial<RpcServerOptions> = {},
) {
  const logLines: Record<string, unknown>[] = [];
  const registry = new Registry();
  const draining = new AbortController();
  const server = createRpcServer({
    services: [bindService(userServiceDefinition, { ...unhandled, ...handlers })],
    access,
    authenticate: (call) => {
      call.caller = operator;
    },
    log: pino({ level: 'debug' }, { write: (line) => logLines.push(JSON.parse(line)) }),
    registry,
    draining,
    ...options,
    limits: { stopMs: 1000, ...options.limits },
  });
  const port = await server.listen('127.0.0.1:0');
  const transport = new GrpcTransport({
    host: `127.0.0.1:${port}`,
    channelCredentials: ChannelCredentials.createInsecure(),
  });
  onTestFinished(async () => {
    transport.close();
    await server.stop();
  });
  return { server, port, transport, client: new UserServiceClient(transport), logLines, registry, draining };
}

export function userOf(id: string): User {
  return {
    id,
    name: id,
    email: '',
    role: UserRole.VIEWER,
    tags: [],
    metadata: {},
    revision: 1,
    state: UserState.ACTIVE,
  };
}

/** Waits until the caller has gone or the deadline has passed. */
export function untilAborted({ signal }: CallContext): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

const refuse = (): never => {
  throw new Error('This test calls no such method.');
};
const unhandled: Handlers<IUserService> = {
  getUser: refuse,
  createUser: refuse,
  updateUser: refuse,
  deleteUser: refuse,
  undeleteUser: refuse,
  purgeUser: refuse,
  listUsers: refuse,
  bulkCreateUsers: refuse,
  syncUsers: refuse,
};

/** The messages of a request stream in which all can be read. */
export async function* readable<I>(requests: AsyncIterable<StreamedRequest<I>>): AsyncGenerator<I> {
  for await (const request of requests) {
    if (request instanceof RpcError) throw request;
    yield request;
  }
}

/** Opens one call over plain HTTP/2, for what no client of the generated code would send. */
export function openRawCall(port: number, path: string, headers: Readonly<Record<string, string>> = {}) {
  const session = connect(`http://127.0.0.1:${port}`);
  onTestFinished(() => session.destroy());
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  const status = Promise.withResolvers<Record<string, unknown>>();
  stream.on('response', (received) => 'grpc-status' in received && status.resolve(received));
  stream.on('trailers', (received) => status.resolve(received));
  stream.on('error', status.reject);
  return { stream, status: status.promise };
}

/** Frames a message as gRPC does: not compressed, its length, its bytes. */
export function frame(bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.byteLength, 1);
  return Buffer.concat([head, bytes]);
}
