import type { MethodInfo, RpcMetadata } from '@protobuf-ts/runtime-rpc';

/** A call that sets out. */
export interface CallStart {
  readonly method: MethodInfo;
  readonly metadata: RpcMetadata;
  readonly message: Uint8Array;
  /** The deadline that was given; undefined for none. */
  readonly timeoutMs: number | undefined;
}

/** How a call ended: as the server said, or as the client found. */
export interface CallEnd {
  /** The name of the gRPC status. */
  readonly code: string;
  readonly message: string;
  readonly metadata: RpcMetadata;
}

/** Is told what happens to one call. Nothing here may throw. */
export interface CallWatch {
  /** The response's head has arrived. */
  readonly opened: (httpStatus: number, headers: RpcMetadata) => void;
  /** A frame has arrived whole. Its bytes may be part of a larger buffer. */
  readonly arrived: (kind: 'message' | 'trailers', bytes: Uint8Array) => void;
  readonly ended: (end: CallEnd) => void;
}

/** Is told of every call; undefined where it does not want to know of this one. */
export type CallObserver = (start: CallStart) => CallWatch | undefined;

/** One observer of several. */
export function observeBy(...observers: readonly CallObserver[]): CallObserver {
  return (start) => {
    const watches = observers.flatMap((observe) => observe(start) ?? []);
    if (watches.length === 0) return undefined;
    return {
      opened(httpStatus, headers) {
        for (const watch of watches) watch.opened(httpStatus, headers);
      },
      arrived(kind, bytes) {
        for (const watch of watches) watch.arrived(kind, bytes);
      },
      ended(end) {
        for (const watch of watches) watch.ended(end);
      },
    };
  };
}
