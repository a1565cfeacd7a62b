import { logVerbosity, Server, ServerCredentials, setLogVerbosity } from '@grpc/grpc-js';
import { descriptorFiles } from '@roster/proto/gen/descriptors';
import { timing } from '@roster/proto/timing';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { answerCall } from './answer-call.ts';
import type { CallStream } from './answered-call.ts';
import type { Interceptor } from './call.ts';
import { createHealth } from './health.ts';
import { noteAddress } from './interceptors/address.ts';
import { type Access, createAuthorize, requireRows } from './interceptors/authorize.ts';
import { type InFlightLimits, limitInFlightCalls, limitOpenStreams } from './interceptors/limits.ts';
import { createLog } from './interceptors/log.ts';
import { createMetrics } from './interceptors/metrics.ts';
import { createRecovery } from './interceptors/recovery.ts';
import { requestId } from './interceptors/request-id.ts';
import { createReflection } from './reflection.ts';
import type { BoundMethod, BoundService } from './service.ts';

export interface RpcLimits extends InFlightLimits {
  /** How long a reader may keep a stream from sending before the stream ends with ABORTED, SLOW_READER. */
  readonly blockedStreamMs: number;
  /** How long the message of a call that has only one may take to arrive; DEADLINE_EXCEEDED, REQUEST_TOO_SLOW, after that. */
  readonly requestMs: number;
  /** Of one session: a person has some tabs. */
  readonly openStreamsPerPersonMax: number;
  /** Of one token: a program may watch for many. */
  readonly openStreamsPerProgramMax: number;
  /** grpc-js refuses larger messages with RESOURCE_EXHAUSTED. Above what a request may have, so that our own refusal, which has details, comes first. */
  readonly receivedMessageBytesMax: number;
  /** HTTP/2 streams of one connection. A proxy carries many callers on one. */
  readonly streamsPerConnectionMax: number;
  /** How long calls may take to finish once the server stops. */
  readonly stopMs: number;
}

export const defaultRpcLimits: RpcLimits = {
  blockedStreamMs: 30_000,
  requestMs: timing.requestMs,
  inFlightCallsMax: 1000,
  openInFlightCallsMax: 200,
  openInFlightCallsPerNetworkMax: 50,
  openStreamsPerPersonMax: 100,
  openStreamsPerProgramMax: 12_000,
  receivedMessageBytesMax: 1024 * 1024,
  streamsPerConnectionMax: 1000,
  stopMs: 10_000,
};

export interface RpcServerOptions {
  readonly services: readonly BoundService[];
  readonly access: Access;
  readonly authenticate: Interceptor;
  /** Sees what the calls of known callers fail with. */
  readonly noteRefusals?: Interceptor;
  /** Addresses or CIDR ranges, beside loopback, of proxies of ours: what they say of their callers' addresses is believed. */
  readonly trustedProxies?: readonly string[];
  /** Runs around all others, and sees what is answered as the caller does. */
  readonly outermost?: Interceptor;
  readonly log: Logger;
  readonly registry: Registry;
  /** Aborted when the server begins to drain. Whoever owns long streams listens to its signal and ends them in order. */
  readonly draining: AbortController;
  readonly limits?: Partial<RpcLimits>;
}

export interface RpcServer {
  /** Binds `host:port` and begins to answer. Resolves with the port, which the system chooses for 0. The server says SERVING from now on. */
  listen(address: string): Promise<number>;
  /** Tells balancers whether to send calls here; without effect once the server drains. */
  setServing(isServing: boolean): void;
  /**
   * Says NOT_SERVING and aborts `draining`. Calls are still answered. Behind a balancer no call is lost if `stop` comes later than two of its
   * health checks.
   */
  drain(): void;
  /** Drains, waits for the calls in flight for `stopMs` at most, then cuts those that are left. */
  stop(): Promise<void>;
}

/** Puts services, interceptors, health and reflection onto one grpc-js server. Throws if a method has no row in `access`. */
export function createRpcServer(options: RpcServerOptions): RpcServer {
  const limits = { ...defaultRpcLimits, ...options.limits };
  const methods = options.services.flat();
  requireRows(options.access, methods);
  const health = createHealth([...new Set(methods.map(({ path }) => path.split('/')[1] ?? ''))]);
  // grpc-js prints header values that it cannot read, whoever sent them. What it fails with is thrown or answered too.
  setLogVerbosity(logVerbosity.NONE);
  // Channelz stays on: grpc-js 1.14.7 knows the connections that forceShutdown must cut only with it.
  const server = new Server({
    'grpc.max_receive_message_length': limits.receivedMessageBytesMax,
    'grpc.max_send_message_length': -1,
    'grpc.max_concurrent_streams': limits.streamsPerConnectionMax,
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
  });
  const { open, guarded } = createChains(options, limits);
  register(server, methods, guarded, limits);
  register(server, [...health.service, ...createReflection(descriptorFiles)], open, limits);

  const drain = (): void => {
    health.setServing(false);
    options.draining.abort();
  };
  return {
    async listen(address) {
      const port = await bind(server, address);
      health.setServing(true);
      return port;
    },
    setServing(isServing) {
      if (!options.draining.signal.aborted) health.setServing(isServing);
    },
    drain,
    stop() {
      drain();
      health.close();
      return shutDown(server, limits.stopMs);
    },
  };
}

/** The interceptors of methods that anybody may call, and of all others; the first is outermost. */
function createChains(
  options: RpcServerOptions,
  limits: RpcLimits,
): Record<'open' | 'guarded', readonly Interceptor[]> {
  const outermost = options.outermost ? [options.outermost] : [];
  const metrics = createMetrics(options.registry);
  const recovery = createRecovery(options.log);
  return {
    // Health is asked every few seconds: it is counted, but has no line in the log.
    open: [...outermost, requestId, metrics, recovery],
    guarded: [
      ...outermost,
      requestId,
      noteAddress(options.trustedProxies ?? []),
      createLog(options.log),
      metrics,
      recovery,
      limitInFlightCalls((method) => options.access.ruleOf(method)?.isOpen ?? false, limits),
      options.authenticate,
      ...(options.noteRefusals ? [options.noteRefusals] : []),
      limitOpenStreams({ person: limits.openStreamsPerPersonMax, program: limits.openStreamsPerProgramMax }),
      createAuthorize(options.access),
    ],
  };
}

/** Every method is registered as a bidi stream, the one kind that all others are special cases of. */
function register(
  server: Server,
  methods: readonly BoundMethod[],
  interceptors: readonly Interceptor[],
  limits: RpcLimits,
): void {
  for (const method of methods) {
    const handle = (stream: CallStream): void => void answerCall(stream, method, interceptors, limits);
    const isNew = server.register<unknown, Buffer>(method.path, handle, (bytes) => bytes, method.decode, 'bidi');
    if (!isNew) throw new Error(`${method.path} is served twice.`);
  }
}

function bind(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

function shutDown(server: Server, stopMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, stopMs);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
