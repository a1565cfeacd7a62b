import type {
  handleBidiStreamingCall,
  handleClientStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  MethodDefinition,
  ServiceDefinition,
} from '@grpc/grpc-js';
import type { Method, MethodKind } from './call.ts';
import type {
  BidiStreamHandler,
  CallContext,
  ClientStreamHandler,
  ServerStreamHandler,
  UnaryHandler,
} from './context.ts';
import { createRequestDecoder, type UnreadableRequest } from './decode-request.ts';
import { Code, errorInfo, RpcError } from './rpc-error.ts';

/** The handlers of a service, named and typed as its generated `I…Service` says. */
export type Handlers<S> = {
  readonly [Name in keyof S as string extends Name ? never : number extends Name ? never : Name]: HandlerOf<S[Name]>;
};

type HandlerOf<H> =
  H extends handleUnaryCall<infer I, infer O>
    ? UnaryHandler<I, O>
    : H extends handleServerStreamingCall<infer I, infer O>
      ? ServerStreamHandler<I, O>
      : H extends handleClientStreamingCall<infer I, infer O>
        ? ClientStreamHandler<I, O>
        : H extends handleBidiStreamingCall<infer I, infer O>
          ? BidiStreamHandler<I, O>
          : never;

/** A method of any kind in the one shape that the adapter runs. */
export interface BoundMethod extends Method {
  /** Calls `sendHeaders` as soon as a stream's headers may leave, which may be long before its first response. */
  respond(requests: AsyncIterable<unknown>, context: CallContext, sendHeaders: () => void): Responses;
  decode(bytes: Buffer): unknown | UnreadableRequest;
  /** Throws where a response is not what the contract says. Bytes that are encoded already come back as they are. */
  encode(response: unknown): Buffer;
}

/** The responses, and what the stream goes on with behind them. */
type Responses = AsyncIterable<unknown, unknown>;

export type BoundService = readonly BoundMethod[];

/** Joins a generated service definition with its handlers. Throws where a method has no handler. */
export function bindService<S>(definition: ServiceDefinition<S>, handlers: Handlers<S>): BoundService {
  return Object.entries<MethodDefinition<unknown, unknown>>(definition).map(([name, method]) => {
    const handler: unknown = Reflect.get(handlers, name);
    if (typeof handler !== 'function') throw new Error(`${method.path} has no handler.`);
    const kind = kindOf(method);
    return {
      path: method.path,
      kind,
      respond: toResponses(kind, (request, context) => handler.call(handlers, request, context)),
      decode: createRequestDecoder(method.requestDeserialize, method.requestSerialize),
      encode: (response) => (response instanceof Uint8Array ? asBuffer(response) : method.responseSerialize(response)),
    };
  });
}

function kindOf({ requestStream, responseStream }: MethodDefinition<unknown, unknown>): MethodKind {
  if (requestStream) return responseStream ? 'bidi' : 'clientStream';
  return responseStream ? 'serverStream' : 'unary';
}

function toResponses(
  kind: MethodKind,
  handle: (request: unknown, context: CallContext) => unknown,
): BoundMethod['respond'] {
  switch (kind) {
    case 'unary':
      return async function* (requests, context): AsyncGenerator<unknown> {
        yield await handle(await onlyOne(requests), context);
      };
    case 'serverStream':
      return async function* (requests, context, sendHeaders): AsyncGenerator<unknown, unknown> {
        return yield* tellStarted(responsesOf(handle(await onlyOne(requests), context)), sendHeaders);
      };
    case 'clientStream':
      return async function* (requests, context): AsyncGenerator<unknown> {
        yield await handle(requests, context);
      };
    case 'bidi':
      return async function* (requests, context, sendHeaders): AsyncGenerator<unknown> {
        try {
          yield* responsesOf(handle(requests, context));
        } finally {
          // Without a response they would travel as trailers, where clients do not look for them.
          sendHeaders();
        }
      };
  }
}

/** A stream's headers leave when its handler comes to its first wait; until then it can add some. */
function tellStarted(responses: Responses, onStarted: () => void): Responses {
  return {
    [Symbol.asyncIterator]() {
      const iterator = responses[Symbol.asyncIterator]();
      let isStarted = false;
      return {
        next() {
          const step = iterator.next();
          if (!isStarted) onStarted();
          isStarted = true;
          return step;
        },
        return: async (value: unknown) => (await iterator.return?.(value)) ?? { done: true, value },
      };
    },
  };
}

function responsesOf(value: unknown): Responses {
  if (!isAsyncIterable(value)) throw new TypeError('The handler of a streaming method gives no async iterable.');
  return value;
}

function isAsyncIterable(value: unknown): value is Responses {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** Reads the one request of a call to its end. The codes are those that the gRPC specification asks for. */
async function onlyOne(requests: AsyncIterable<unknown>): Promise<unknown> {
  const iterator = requests[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) throw wrongCount('The call came without a request message.');
  if (first.value instanceof RpcError) throw first.value;
  if (!(await iterator.next()).done) throw wrongCount('The call came with more than one request message.');
  return first.value;
}

function wrongCount(message: string): RpcError {
  return new RpcError(Code.UNIMPLEMENTED, message, [errorInfo('WRONG_MESSAGE_COUNT')]);
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
