import type { IMessageType } from '@protobuf-ts/runtime';
import { mergeRpcOptions, type RpcMetadata, type RpcTransport, ServerStreamingCall } from '@protobuf-ts/runtime-rpc';
import { User, type UserFeed } from '@roster/proto/gen/userservice/v1/user';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { createResponseStream } from '../response-stream.ts';
import { CallCancelled, rpcFailure } from '../rpc-failure.ts';
import type { StatusCode } from '../status-codes.ts';
import type { Trailers } from '../trailers.ts';

/** One call of a method that streams, answered by the test. */
export interface ControlledStream<Request, Message> {
  readonly request: Request;
  readonly meta: Readonly<RpcMetadata>;
  /** The caller has left or cancelled it, or it has ended. */
  isOver(): boolean;
  send(...messages: readonly Message[]): void;
  end(): void;
  fail(code: StatusCode, meta?: RpcMetadata): void;
}

export interface ControlledStreams<Request, Message> {
  readonly transport: RpcTransport;
  /** All calls so far. */
  readonly calls: readonly ControlledStream<Request, Message>[];
  /** The newest call; throws where there is none. */
  last(): ControlledStream<Request, Message>;
}

/** A ListUsers call, which sends the events of envelopes. */
export type ControlledCall = ControlledStream<ListUsersRequest, UserFeed['event']>;

export type ControlledTransport = ControlledStreams<ListUsersRequest, UserFeed['event']>;

/** A transport whose ListUsers says and does what a test tells it, when it tells it. */
export function createControlledTransport(): ControlledTransport {
  return createControlledStreams(ListUsersRequest, (event) => User.toBinary(User.create({ feed: { event } })));
}

/** The same for the one method that a test is about. */
export function createControlledStreams<Request extends object, Message>(
  requestType: IMessageType<Request>,
  encode: (message: Message) => Uint8Array,
): ControlledStreams<Request, Message> {
  const calls: ControlledStream<Request, Message>[] = [];
  const refuse = () => {
    throw new Error('Only one method is controlled.');
  };
  return {
    calls,
    last() {
      const call = calls.at(-1);
      if (!call) throw new Error('There was no call.');
      return call;
    },
    transport: {
      mergeOptions: (options) => mergeRpcOptions({}, options ?? {}),
      unary: refuse,
      clientStreaming: refuse,
      duplex: refuse,
      serverStreaming(method, input, options) {
        const meta = options.meta ?? {};
        const request = requestType.fromBinary(method.I.toBinary(input));
        const { call, messages } = controlCall(request, meta, options.abort, encode);
        calls.push(call);
        const decode = (bytes: Uint8Array) => method.O.fromBinary(bytes);
        const { responses, ended } = createResponseStream(messages, decode, (thrown) =>
          thrown instanceof Error ? thrown : new Error(String(thrown)),
        );
        const status = ended.then(({ code, message }) => ({ code, detail: message }));
        const trailers = ended.then(({ metadata }) => metadata);
        for (const promise of [status, trailers]) promise.catch(() => undefined);
        return new ServerStreamingCall(method, meta, input, Promise.resolve({}), responses, status, trailers);
      },
    },
  };
}

function controlCall<Request, Message>(
  request: Request,
  meta: Readonly<RpcMetadata>,
  abort: AbortSignal | undefined,
  encode: (message: Message) => Uint8Array,
) {
  const waiting: (Uint8Array | Trailers | Error)[] = [];
  let wake: () => void = () => undefined;
  let isOver = false;
  const put = (item: Uint8Array | Trailers | Error) => {
    waiting.push(item);
    wake();
  };
  abort?.addEventListener('abort', () => put(new CallCancelled()));

  async function* read(): AsyncGenerator<Uint8Array, Trailers, undefined> {
    try {
      for (;;) {
        const item = waiting.shift();
        if (item instanceof Uint8Array) yield item;
        else if (item instanceof Error) throw item;
        else if (item) return item;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      isOver = true;
    }
  }

  const call: ControlledStream<Request, Message> = {
    request,
    meta,
    isOver: () => isOver,
    send(...sent) {
      for (const message of sent) put(encode(message));
    },
    end: () => put({ code: 'OK', message: '', metadata: {} }),
    fail: (code, metadata = {}) => put(rpcFailure(code, 'failed', metadata)),
  };
  return { call, messages: read() };
}
