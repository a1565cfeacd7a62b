import { mergeRpcOptions, type RpcMetadata, type RpcTransport, ServerStreamingCall } from '@protobuf-ts/runtime-rpc';
import { User, type UserFeed } from '@roster/proto/gen/userservice/v1/user';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { createResponseStream } from '../response-stream.ts';
import { CallCancelled, rpcFailure } from '../rpc-failure.ts';
import type { StatusCode } from '../status-codes.ts';
import type { Trailers } from '../trailers.ts';

/** One ListUsers call, answered by the test. */
export interface ControlledCall {
  readonly request: ListUsersRequest;
  readonly meta: Readonly<RpcMetadata>;
  /** The caller has left or cancelled it, or it has ended. */
  isOver(): boolean;
  send(...events: readonly UserFeed['event'][]): void;
  end(): void;
  fail(code: StatusCode, meta?: RpcMetadata): void;
}

export interface ControlledTransport {
  readonly transport: RpcTransport;
  /** All calls so far. */
  readonly calls: readonly ControlledCall[];
  /** The newest call; throws where there is none. */
  last(): ControlledCall;
}

/** A transport whose streams say and do what a test tells them, when it tells them. */
export function createControlledTransport(): ControlledTransport {
  const calls: ControlledCall[] = [];
  const refuse = () => {
    throw new Error('Only ListUsers is controlled.');
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
        const { call, messages } = controlCall(
          ListUsersRequest.fromBinary(method.I.toBinary(input)),
          meta,
          options.abort,
        );
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

function controlCall(request: ListUsersRequest, meta: Readonly<RpcMetadata>, abort: AbortSignal | undefined) {
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

  const call: ControlledCall = {
    request,
    meta,
    isOver: () => isOver,
    send(...events) {
      for (const event of events) put(User.toBinary(User.create({ feed: { event } })));
    },
    end: () => put({ code: 'OK', message: '', metadata: {} }),
    fail: (code, metadata = {}) => put(rpcFailure(code, 'failed', metadata)),
  };
  return { call, messages: read() };
}
