import type { IMessageType } from '@protobuf-ts/runtime';
import {
  type MethodInfo,
  mergeRpcOptions,
  RpcError,
  type RpcMetadata,
  type RpcOptions,
  type RpcStatus,
  type RpcTransport,
  ServerStreamingCall,
  UnaryCall,
} from '@protobuf-ts/runtime-rpc';
import { timing } from '@roster/proto/timing';
import type { CallObserver, CallWatch } from './call-observer.ts';
import { normaliseTimeoutMs } from './deadline.ts';
import { type Exchange, startExchange } from './exchange.ts';
import { createRequestId } from './request-id.ts';
import { createResponseStream } from './response-stream.ts';
import { rpcFailure } from './rpc-failure.ts';
import type { Trailers } from './trailers.ts';

export interface TransportOptions {
  /** What the path of a method is put behind; empty for the page's own origin. */
  readonly baseUrl: string;
  readonly fetch?: typeof fetch;
  /** Sent with every call, for programs: a token, for example. */
  readonly meta?: RpcMetadata;
  /** The deadline of unary calls that name none; Infinity for no deadline. Streams have none unless they name it. */
  readonly defaultTimeoutMs?: number;
  readonly observe?: CallObserver;
}

/**
 * Makes the one transport behind every generated client: gRPC-Web in its binary form over `fetch`.
 *
 * Nothing throws from the call itself: every failure is an `RpcError` from the call's promises. Streams are read with `for await` alone; a reader that
 * pauses makes the server pause, and leaving the loop ends the call (docs/decisions/0004-own-grpc-web-transport.md).
 */
export function createTransport(transportOptions: TransportOptions): RpcTransport {
  const { baseUrl, defaultTimeoutMs = timing.unaryDeadlineMs } = transportOptions;
  const fetchNow = transportOptions.fetch ?? ((input, init) => globalThis.fetch(input, init));

  const defaults: RpcOptions = transportOptions.meta ? { meta: transportOptions.meta } : {};

  /** Starts a call in a way that turns what `toBinary` or `Headers` throw into a failed call. */
  function start<I extends object, O extends object>(
    method: MethodInfo<I, O>,
    input: I,
    options: RpcOptions,
    fallbackTimeoutMs?: number,
  ): Started {
    const requestId = String(options.meta?.['x-request-id'] ?? createRequestId());
    const explain = (thrown: unknown) => describe(thrown, method, requestId);
    try {
      const metadata: RpcMetadata = { ...options.meta, 'x-request-id': requestId };
      const headers = headersOf(metadata);
      const message = method.I.toBinary(input, options.binaryOptions);
      const timeoutMs = normaliseTimeoutMs(options.timeout ?? fallbackTimeoutMs, Date.now());
      const watch = transportOptions.observe?.({ method, metadata, message, timeoutMs });
      const exchange = startExchange({
        url: `${baseUrl.replace(/\/$/, '')}/${method.service.typeName}/${method.name}`,
        headers,
        message,
        fetch: fetchNow,
        abort: options.abort,
        timeoutMs,
        watch,
      });
      return { exchange, explain, watch };
    } catch (thrown) {
      const error =
        thrown instanceof RpcError ? thrown : rpcFailure('INTERNAL', `The request cannot be sent: ${thrown}`);
      return { exchange: failedExchange(error), explain, watch: undefined };
    }
  }

  return {
    mergeOptions: (options) => mergeRpcOptions(defaults, options ?? {}),
    unary(method, input, options) {
      const { exchange, explain, watch } = start(method, input, options, defaultTimeoutMs);
      const done = readOne(exchange, method.O, options).catch((thrown: unknown) => Promise.reject(explain(thrown)));
      const trailed = quiet(done.then((end) => end.trailers));
      tellEnd(watch, trailed);
      const [response, status, trailers] = [
        quiet(done.then((end) => end.response)),
        quiet(trailed.then(statusOf)),
        quiet(trailed.then((end) => end.metadata)),
      ];
      return new UnaryCall(method, options.meta ?? {}, input, exchange.headers, response, status, trailers);
    },
    serverStreaming(method, input, options) {
      const { exchange, explain, watch } = start(method, input, options);
      const decode = (bytes: Uint8Array) => decodeMessage(method.O, bytes, options);
      const { responses, ended } = createResponseStream(exchange.messages, decode, explain);
      tellEnd(watch, ended);
      const status = quiet(ended.then(statusOf));
      const trailers = quiet(ended.then((end) => end.metadata));
      return new ServerStreamingCall(method, options.meta ?? {}, input, exchange.headers, responses, status, trailers);
    },
    clientStreaming: (method) => refuse(method),
    duplex: (method) => refuse(method),
  };
}

interface Started {
  readonly exchange: Exchange;
  explain(thrown: unknown): Error;
  readonly watch: CallWatch | undefined;
}

function tellEnd(watch: CallWatch | undefined, ended: Promise<Trailers>): void {
  if (!watch) return;
  ended.then(watch.ended, (thrown: unknown) => {
    if (thrown instanceof RpcError) watch.ended({ code: thrown.code, message: thrown.message, metadata: thrown.meta });
  });
}

/** Reads the one message of a unary call. None or several of them break the method's contract. */
async function readOne<O extends object>(exchange: Exchange, type: IMessageType<O>, options: RpcOptions) {
  const messages: Uint8Array[] = [];
  for (;;) {
    const { done, value } = await exchange.messages.next();
    if (!done) {
      if (messages.push(value) > 1) break;
      continue;
    }
    if (value.code !== 'OK') throw rpcFailure(value.code, value.message, value.metadata);
    const [message] = messages;
    if (!message) throw rpcFailure('UNIMPLEMENTED', 'The answer has no message.', value.metadata);
    return { response: decodeMessage(type, message, options), trailers: value };
  }
  await exchange.messages.return(okTrailers);
  throw rpcFailure('UNIMPLEMENTED', 'The answer has more than one message.');
}

const okTrailers: Trailers = { code: 'OK', message: '', metadata: {} };

function decodeMessage<O extends object>(type: IMessageType<O>, bytes: Uint8Array, options: RpcOptions): O {
  try {
    return type.fromBinary(bytes, options.binaryOptions);
  } catch (thrown) {
    throw rpcFailure('INTERNAL', `The answer cannot be read as ${type.typeName}: ${thrown}`);
  }
}

function headersOf(meta: Readonly<RpcMetadata>): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(meta)) {
    for (const value of [values].flat()) headers.append(name, value);
  }
  return headers;
}

/** Adds to an error which call failed. */
function describe(thrown: unknown, method: MethodInfo, requestId: string): Error {
  const error = thrown instanceof RpcError ? thrown : rpcFailure('INTERNAL', String(thrown));
  error.methodName = method.name;
  error.serviceName = method.service.typeName;
  error.meta = { 'x-request-id': requestId, ...error.meta };
  return error;
}

function failedExchange(error: Error): Exchange {
  const headers = Promise.reject(error);
  return { headers: quiet(headers), messages: failedMessages(error) };
}

// biome-ignore lint/correctness/useYield: the failure comes in place of messages.
async function* failedMessages(error: Error): AsyncGenerator<Uint8Array, Trailers, undefined> {
  throw error;
}

function statusOf(trailers: Trailers): RpcStatus {
  return { code: trailers.code, detail: trailers.message };
}

/** Keeps a promise that nobody may look at from being reported as an unhandled rejection. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function refuse(method: MethodInfo): never {
  throw rpcFailure('UNIMPLEMENTED', `${method.name} streams requests, which gRPC-Web cannot.`);
}
