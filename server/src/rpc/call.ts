import type { Caller } from './context.ts';
import type { RpcError } from './rpc-error.ts';

export type MethodKind = 'unary' | 'serverStream' | 'clientStream' | 'bidi';

export interface Method {
  /** The full name, for example `/userservice.v1.UserService/GetUser`. */
  readonly path: string;
  readonly kind: MethodKind;
}

/** One call as the interceptors see it. */
export interface RpcCall {
  readonly method: Method;
  /** Aborted when the caller goes away and when the deadline passes; the reason is the RpcError that the call then ends with. */
  readonly signal: AbortSignal;
  readonly deadline: Date | undefined;
  /** Address and port of the other end of the connection, which is the proxy where there is one. */
  readonly peer: string;
  /** The `:authority` of the request: host and port as the caller named them. */
  readonly host: string;
  requestId: string;
  /** The IP address of whoever calls: what a proxy of ours says it is, else the other end of the connection. Set by the address interceptor. */
  address: string;
  /** Unset until the authenticate interceptor has run. */
  caller: Caller | undefined;
  /** Ends the call with this error, whatever its handler is at; nothing more is sent before it. */
  end(error: RpcError): void;
  /** Reads a text header of the request; undefined where it is absent. Of one that came several times, the values joined with `, `. */
  header(name: string): string | undefined;
  /** Sets a text header of the response; it has no effect once the first message is under way. */
  setHeader(name: string, value: string): void;
  setTrailer(name: string, value: string): void;
  /** The whole metadata of the request. Values of names that end in `-bin` are bytes. */
  metadata(): Iterable<readonly [name: string, values: readonly (string | Uint8Array)[]]>;
  /** Adds one more value to a header of the response, or to a trailer; bytes where the name ends in `-bin`. */
  addHeader(name: string, value: string | Uint8Array): void;
  addTrailer(name: string, value: string | Uint8Array): void;
}

/**
 * Runs before a call is answered, the first of them outermost, and may return what runs after it, however it went.
 *
 * They stand in a row and do not call each other: a stream that is open for hours keeps what it needs for its end, and no stack of functions that wait.
 */
export type Interceptor = (call: RpcCall) => OnEnd | undefined | Promise<OnEnd | undefined>;

/** Is told what the call failed with, undefined for nothing. What it returns, or throws, the call fails with for those further out; undefined leaves it as it is. */
export type OnEnd = (failure: unknown) => unknown;

/** Runs the interceptors in order and adds to `ends` what each has for the end. Rejects with what one of them fails with; those behind it do not run then. */
export async function enter(interceptors: readonly Interceptor[], call: RpcCall, ends: OnEnd[]): Promise<void> {
  for (const interceptor of interceptors) {
    const entered = interceptor(call);
    const onEnd = entered instanceof Promise ? await entered : entered;
    if (onEnd) ends.push(onEnd);
  }
}

/** Runs what `enter` has gathered, the last first. Returns what the caller is told. */
export function leave(ends: readonly OnEnd[], failure: unknown): unknown {
  let told = failure;
  for (const onEnd of ends.toReversed()) {
    try {
      told = onEnd(told) ?? told;
    } catch (error) {
      told = error;
    }
  }
  return told;
}
