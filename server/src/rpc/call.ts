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

/** Runs around a whole call. `next` resolves when the call has been answered, and rejects with what it fails with. */
export type Interceptor = (call: RpcCall, next: () => Promise<void>) => Promise<void>;

/** Runs `innermost` inside the interceptors, the first of them outermost. */
export function runThrough(
  interceptors: readonly Interceptor[],
  call: RpcCall,
  innermost: () => Promise<void>,
): Promise<void> {
  const runFrom = (index: number): Promise<void> => {
    const interceptor = interceptors[index];
    return interceptor ? interceptor(call, () => runFrom(index + 1)) : innermost();
  };
  return runFrom(0);
}
