import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import type { LivePart } from './live-part.ts';
import type { RpcError } from './rpc-error.ts';

/** Who makes a call, as the authenticate interceptor found out. */
export interface Caller {
  /** Stable and unique; binds request ids and resume tokens to their owner: a user's id, or `token:…` for a program that belongs to nobody. */
  readonly id: string;
  /** The name that the history shows. */
  readonly name: string;
  readonly role: UserRole;
  /** The user who calls, or whose program does. */
  readonly userId: string | undefined;
  /** Of a person; a program has a token instead. */
  readonly sessionId: string | undefined;
  readonly tokenId: string | undefined;
  /** The groups of methods that a program may call; of a person undefined: all that the role allows. */
  readonly scopes: readonly string[] | undefined;
  /** The person has proved within the last 15 minutes who they are. A program cannot, and is not asked to. */
  readonly isFresh: boolean;
  /** The session or token ends then by itself. */
  readonly expiresAt: Date | undefined;
}

/** The caller of the methods that ask for none. It has no rights. */
export const anonymous: Caller = {
  id: 'anonymous',
  name: '',
  role: UserRole.UNSPECIFIED,
  userId: undefined,
  sessionId: undefined,
  tokenId: undefined,
  scopes: undefined,
  isFresh: false,
  expiresAt: undefined,
};

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
  /** The IP address of the program or browser that calls, as far as proxies of ours tell it. */
  readonly address: string;
  /** The `:authority` of the request: host and port as the caller named them. */
  readonly host: string;
  /** Reads a text header of the request; undefined where it is absent. */
  header(name: string): string | undefined;
  /** Sets a text header of the response; without effect once its first message is under way. */
  setHeader(name: string, value: string): void;
  /** Sets a text trailer; sent with the status. */
  setTrailer(name: string, value: string): void;
}

/** A response message that is already encoded; the adapter sends it as it is. */
export type Encoded = Uint8Array & { readonly encoded?: true };

export type UnaryHandler<I, O> = (request: I, context: CallContext) => Promise<O>;
/** Its responses, and behind them, if it returns one, the live part that sends what is still to come. */
export type ServerStreamHandler<I, O> = (
  request: I,
  context: CallContext,
) => AsyncIterable<O | Encoded, void> | AsyncIterable<O | Encoded, LivePart | undefined>;

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
