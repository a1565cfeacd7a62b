import type { Metadata, ServerDuplexStream } from '@grpc/grpc-js';
import { type Interceptor, type RpcCall, runThrough } from './call.ts';
import { anonymous, type CallContext } from './context.ts';
import { isUnreadable } from './decode-request.ts';
import { type Lifetime, untilAborted, watchLifetime } from './lifetime.ts';
import { UnpaddedMetadata } from './metadata.ts';
import { createResponseSink, type ResponseSink } from './response-sink.ts';
import type { BoundMethod } from './service.ts';
import { toStatusObject } from './status.ts';

export type CallStream = ServerDuplexStream<unknown, Buffer>;

/** Answers one call, of any kind, with exactly one status. Never rejects. */
export async function answerCall(
  stream: CallStream,
  method: BoundMethod,
  interceptors: readonly Interceptor[],
  limits: { readonly blockedStreamMs: number; readonly requestMs: number },
): Promise<void> {
  const lifetime = watchLifetime(stream);
  const headers = new UnpaddedMetadata();
  const trailers = new UnpaddedMetadata();
  const call = createCall(stream, method, lifetime, headers, trailers);
  const sendHeaders = sendOnce(stream, headers);
  let failure: unknown;
  try {
    await runThrough(interceptors, call, () => {
      call.signal.throwIfAborted();
      const sink = createResponseSink(stream, call.signal, limits.blockedStreamMs);
      const arrived = streamsRequests(method) ? () => undefined : lifetime.expectRequest(limits.requestMs);
      return sendResponses(method, readRequests(stream, arrived), call, sink, sendHeaders.send);
    });
  } catch (error) {
    failure = error;
  }
  lifetime.end();
  if (stream.cancelled) return;
  // Without a message before it, the status travels in the headers.
  if (!sendHeaders.isSent()) trailers.merge(headers);
  // grpc-js takes a status of ours, a good one too, by this event alone; `destroy` would send none.
  stream.emit('error', toStatusObject(failure, trailers));
}

/** Sends the handler's responses until it ends, fails or the call is aborted. A handler that does not obey the signal is left behind. */
async function sendResponses(
  method: BoundMethod,
  requests: AsyncIterable<unknown>,
  call: RpcCall,
  sink: ResponseSink,
  sendHeaders: () => void,
): Promise<void> {
  const responses = method.respond(requests, contextOf(call), sendHeaders)[Symbol.asyncIterator]();
  let isExhausted = false;
  const pump = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await responses.next();
      isExhausted = done === true;
      if (isExhausted || call.signal.aborted) return;
      const bytes = method.encode(value);
      sendHeaders();
      const room = sink.write(bytes);
      if (room) await room;
    }
  };
  try {
    await untilAborted(pump(), call.signal);
  } finally {
    // Not awaited: a generator takes it in only when its own wait is over.
    if (!isExhausted) responses.return?.().then(undefined, () => undefined);
  }
}

/** The request messages, unreadable ones as the error that says why. Leaving the loop early keeps the call open. */
async function* readRequests(stream: CallStream, onEnd: () => void): AsyncGenerator<unknown> {
  for await (const request of stream.iterator({ destroyOnReturn: false })) {
    yield isUnreadable(request) ? request.unreadable : request;
  }
  onEnd();
}

function streamsRequests({ kind }: BoundMethod): boolean {
  return kind === 'clientStream' || kind === 'bidi';
}

function createCall(
  stream: CallStream,
  { path, kind }: BoundMethod,
  lifetime: Lifetime,
  headers: Metadata,
  trailers: Metadata,
): RpcCall {
  return {
    method: { path, kind },
    signal: lifetime.signal,
    deadline: lifetime.deadline,
    peer: stream.getPeer(),
    host: stream.getHost() ?? '',
    requestId: '',
    address: '',
    caller: undefined,
    end: lifetime.abort,
    header(name) {
      const values = stream.metadata.get(name).filter((value) => typeof value === 'string');
      return values.length > 0 ? values.join(name === 'cookie' ? '; ' : ', ') : undefined;
    },
    setHeader: (name, value) => headers.set(name, value),
    setTrailer: (name, value) => trailers.set(name, value),
    metadata: () => Object.keys(stream.metadata.getMap()).map((name) => [name, stream.metadata.get(name)] as const),
    addHeader: (name, value) => headers.add(name, metadataValue(value)),
    addTrailer: (name, value) => trailers.add(name, metadataValue(value)),
  };
}

function metadataValue(value: string | Uint8Array): string | Buffer {
  return typeof value === 'string' ? value : Buffer.from(value);
}

function contextOf(call: RpcCall): CallContext {
  return {
    method: call.method.path,
    signal: call.signal,
    deadline: call.deadline,
    requestId: call.requestId,
    caller: call.caller ?? anonymous,
    peer: call.peer,
    address: call.address,
    host: call.host,
    header: call.header,
    setHeader: call.setHeader,
    setTrailer: call.setTrailer,
  };
}

function sendOnce(stream: CallStream, headers: Metadata): { send(): void; isSent(): boolean } {
  let isSent = false;
  return {
    send() {
      if (isSent) return;
      isSent = true;
      stream.sendMetadata(headers);
    },
    isSent: () => isSent,
  };
}
