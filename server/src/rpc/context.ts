import type { UserRole } from '@roster/proto/gen/userservice/v1/user';
import type { RpcError } from './rpc-error.ts';

/** Who makes a call, as the authenticate interceptor found out. */
export interface Caller {
  /** Stable and unique; binds request ids and resume tokens to their owner. */
  readonly id: string;
  /** The name that the history shows. */
  readonly name: string;
  readonly role: UserRole;
  readonly sessionId: string | undefined;
}

/** What a handler may know of the call it answers. */
export interface CallContext {
  /** The full method name, for example `/userservice.v1.UserService/GetUser`. */
  readonly method: string;
  /** Aborted when the caller cancels or goes away, and when the deadline passes. Every wait and every query of the call obeys it. */
  readonly signal: AbortSignal;
  readonly deadline: Date | undefined;
  readonly requestId: string;
  readonly caller: Caller;
  readonly peer: string;
  /** Reads a text header of the request; undefined where it is absent. */
  header(name: string): string | undefined;
  /** Sets a text trailer; sent with the status. */
  setTrailer(name: string, value: string): void;
}

/** A response message that is already encoded; the adapter sends it as it is. */
export type Encoded = Uint8Array & { readonly encoded?: true };

export type UnaryHandler<I, O> = (request: I, context: CallContext) => Promise<O>;
export type ServerStreamHandler<I, O> = (request: I, context: CallContext) => AsyncIterable<O | Encoded>;

/** A message of a request stream; one that cannot be read is there as the error that says why, so that it need not end the others. */
export type StreamedRequest<I> = I | RpcError;

export type ClientStreamHandler<I, O> = (
  requests: AsyncIterable<StreamedRequest<I>>,
  context: CallContext,
) => Promise<O>;
export type BidiStreamHandler<I, O> = (
  requests: AsyncIterable<StreamedRequest<I>>,
  context: CallContext,
) => AsyncIterable<O>;
