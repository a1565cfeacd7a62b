import type { RpcMetadata } from '@protobuf-ts/runtime-rpc';
import type { CallWatch } from './call-observer.ts';
import { type CallLife, startCallLife } from './deadline.ts';
import { createFrameReader } from './frame-reader.ts';
import { codeOfHttpStatus, refineByHttpStatus } from './http-status.ts';
import { rpcFailure } from './rpc-failure.ts';
import { metadataOfHeaders, parseTrailerBlock, type Trailers, trailersOf } from './trailers.ts';

export interface ExchangeRequest {
  readonly url: string;
  readonly headers: Headers;
  readonly message: Uint8Array;
  readonly fetch: typeof fetch;
  readonly abort: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  readonly watch: CallWatch | undefined;
}

/** One gRPC-Web call on the level of bytes, for unary calls and streams alike. */
export interface Exchange {
  readonly headers: Promise<RpcMetadata>;
  /**
   * The messages, each read from the network when it is asked for; returns how the server ended the call, throws where something else did.
   * Leaving the loop ends the HTTP exchange. Must be iterated, or the call aborted.
   */
  readonly messages: AsyncGenerator<Uint8Array, Trailers, undefined>;
}

/** What the response's head says: that the call is over, or that a body follows. */
type Opening =
  | { readonly kind: 'over'; readonly headers: RpcMetadata; readonly trailers: Trailers }
  | { readonly kind: 'body'; readonly headers: RpcMetadata; readonly body: ReadableStream<Uint8Array> };

const contentType = 'application/grpc-web+proto';

/** Sends the request at once. */
export function startExchange(request: ExchangeRequest): Exchange {
  const life = startCallLife(request.abort, request.timeoutMs);
  const opening = open(request, life).catch((thrown: unknown) => {
    const error = life.explain(thrown);
    life.end();
    throw error;
  });
  const headers = opening.then((head) => head.headers);
  headers.catch(() => undefined);
  return { headers, messages: readMessages(opening, life, request.watch) };
}

async function open(request: ExchangeRequest, life: CallLife): Promise<Opening> {
  life.throwIfOver();
  const response = await request.fetch(request.url, {
    method: 'POST',
    headers: requestHeaders(request),
    body: frameOf(request.message),
    signal: life.signal,
    // The session's cookie goes along also where the API has an origin of its own.
    credentials: 'include',
    redirect: 'error',
    cache: 'no-store',
  });
  const headers = metadataOfHeaders(response.headers);
  request.watch?.opened(response.status, headers);
  if (response.headers.has('grpc-status')) return openWithStatus(response, headers);
  if (response.status !== 200) {
    const failed = { code: codeOfHttpStatus(response.status), message: `HTTP status ${response.status}` };
    return { kind: 'over', headers, trailers: { ...failed, metadata: headers } };
  }
  refuseForeignBody(headers);
  return { kind: 'body', headers, body: response.body ?? new Blob().stream() };
}

/** Reads a head that has a status: it is the answer's end only if no body follows, which one byte of the body tells. */
async function openWithStatus(response: Response, headers: RpcMetadata): Promise<Opening> {
  const rest = response.body && (await unlessEmpty(response.body));
  if (rest) return { kind: 'body', headers, body: rest };
  const trailers = trailersOf(headers);
  const code = refineByHttpStatus(trailers.code, response.status);
  return { kind: 'over', headers: {}, trailers: { ...trailers, code } };
}

function refuseForeignBody(headers: RpcMetadata): void {
  const type = String(headers['content-type'] ?? '');
  const essence = type.split(';', 1)[0]?.trim().toLowerCase();
  if (essence !== contentType && essence !== 'application/grpc-web') {
    const isGrpcWeb = essence?.startsWith('application/grpc-web');
    throw rpcFailure(isGrpcWeb ? 'INTERNAL' : 'UNKNOWN', `The answer is of the unexpected type "${type}".`);
  }
  const encoding = headers['grpc-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw rpcFailure('INTERNAL', 'The answer is compressed, which was not asked for.');
}

async function* readMessages(
  opening: Promise<Opening>,
  life: CallLife,
  watch: CallWatch | undefined,
): AsyncGenerator<Uint8Array, Trailers, undefined> {
  let isAnswered = false;
  try {
    const head = await opening;
    if (head.kind === 'over') return head.trailers;
    const frames = createFrameReader(head.body);
    let isEmpty = true;
    for (;;) {
      life.throwIfOver();
      const frame = await frames.next();
      if (!frame) throw endedEarly(isEmpty);
      watch?.arrived(frame.kind, frame.bytes);
      if (frame.kind === 'trailers') {
        isAnswered = true;
        life.endAfter(frames.drain());
        return parseTrailerBlock(frame.bytes);
      }
      isEmpty = false;
      yield frame.bytes;
    }
  } catch (thrown) {
    throw life.explain(thrown);
  } finally {
    if (!isAnswered) life.end();
  }
}

/** A body that ends in order but without trailers was cut by a proxy; one with nothing in it is a server that says no status. */
function endedEarly(isEmpty: boolean): Error {
  return isEmpty
    ? rpcFailure('UNKNOWN', 'The answer is empty and has no status.')
    : rpcFailure('UNAVAILABLE', 'The connection broke off before the end of the answer.');
}

/** Gives the body back unread if it holds at least one byte. */
async function unlessEmpty(body: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array> | undefined> {
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return undefined;
    if (value.length > 0) return withFirst(value, reader);
  }
}

function withFirst(first: Uint8Array, reader: ReadableStreamDefaultReader<Uint8Array>): ReadableStream<Uint8Array> {
  let waiting: Uint8Array | undefined = first;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const value = waiting ?? (await reader.read()).value;
        waiting = undefined;
        if (value) controller.enqueue(value);
        else controller.close();
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function requestHeaders(request: ExchangeRequest): Headers {
  const headers = new Headers(request.headers);
  headers.set('content-type', contentType);
  headers.set('accept', contentType);
  headers.set('x-grpc-web', '1');
  if (request.timeoutMs !== undefined) headers.set('grpc-timeout', `${request.timeoutMs}m`);
  return headers;
}

/** The request as one uncompressed frame. */
function frameOf(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(5 + message.length);
  new DataView(frame.buffer).setUint32(1, message.length);
  frame.set(message, 5);
  return frame;
}
