import { RpcError, type RpcMetadata } from '@protobuf-ts/runtime-rpc';
import type { StatusCode } from './status-codes.ts';

/** Makes the error of a failed call. `meta` holds the trailers, and `x-request-id` by which the server's log knows the call. */
export function rpcFailure(code: StatusCode, message: string, meta: RpcMetadata = {}): RpcError {
  return new RpcError(message, code, meta);
}

/** The call was ended by its own caller. A status CANCELLED that a server sends is not this. */
export class CallCancelled extends RpcError {
  constructor() {
    super('The call was cancelled.', 'CANCELLED');
  }
}

/** Tells whether a call ended because its caller wanted that; then there is nothing to show. */
export function isCancel(error: unknown): boolean {
  return error instanceof CallCancelled;
}
