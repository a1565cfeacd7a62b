import type { Metadata, StatusObject } from '@grpc/grpc-js';
import type { Any } from '@roster/proto/gen/google/protobuf/any';
import { Status } from '@roster/proto/gen/google/rpc/status';
import { Code, errorInfo, RpcError, resourceExhausted, unavailable } from './rpc-error.ts';

/** `grpc-message` is a header: its length counts against the header limits of everything on the way. */
const messageLengthMax = 1000;
const detailsBytesMax = 24 * 1024;
const retryAfterMs = 1000;

/** Makes what grpc-js sends. `failure` is undefined for a call that went well; its message is empty then, as the specification has it. */
export function toStatusObject(failure: unknown, trailers: Metadata): StatusObject {
  if (failure === undefined) return { code: Code.OK, details: '', metadata: trailers };
  const { code, message, details } = failure instanceof RpcError ? failure : internal();
  const text = message.slice(0, messageLengthMax).toWellFormed();
  trailers.set('grpc-status-details-bin', encodeDetails(code, text, details));
  return { code, details: text, metadata: trailers };
}

/** Encodes a google.rpc.Status, without its last details where all of them would be too large for a header. */
function encodeDetails(code: Code, message: string, details: readonly Any[]): Buffer {
  for (let count = details.length; count > 0; count -= 1) {
    const bytes = Status.toBinary({ code, message, details: details.slice(0, count) });
    if (bytes.byteLength <= detailsBytesMax) return Buffer.from(bytes);
  }
  return Buffer.from(Status.toBinary({ code, message, details: [] }));
}

/** Says what the caller may know of a failure; undefined where that is nothing. */
export function toRpcError(error: unknown): RpcError | undefined {
  if (error instanceof RpcError) return error;
  const code = codeOf(error);
  if (storeBusy.has(code)) return unavailable('STORE_BUSY', 'The store is busy. Try again.', retryAfterMs);
  if (storeFull.has(code)) return resourceExhausted('STORE_FULL', 'The store has no space left. Nothing was changed.');
  if (code === queryCancelled) {
    return new RpcError(Code.DEADLINE_EXCEEDED, 'The query took too long.', [errorInfo('QUERY_TIMEOUT')]);
  }
  if (storeGone.has(code) || code.startsWith('08') || isLostConnection(error)) {
    return unavailable('STORE_UNAVAILABLE', 'The store cannot be reached. Try again.', retryAfterMs);
  }
  return undefined;
}

/** The answer to a failure that no caller may read. The text of the failure stays in the log, under the incident. */
export function internal(incident?: string): RpcError {
  const message = incident ? `Internal error, incident ${incident}` : 'Internal error';
  return new RpcError(Code.INTERNAL, message, [errorInfo('INTERNAL', incident ? { incident } : {})]);
}

/** PostgreSQL's own timeouts; a query that the call's signal has cancelled is known by the signal. */
const queryCancelled = '57014';
/** Serialization failure, deadlock, lock not available. */
const storeBusy: ReadonlySet<string> = new Set(['40001', '40P01', '55P03']);
const storeFull: ReadonlySet<string> = new Set(['53100']);
/** Too many connections, shutdown, crash, start-up, a standby that takes no writes; below them, the system's words for the same. */
const storeGone: ReadonlySet<string> = new Set([
  ...['53300', '57P01', '57P02', '57P03', '25006'],
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
]);

/** pg names these failures in words only; a missing unix socket is ENOENT of `connect`, and any other ENOENT is a mistake of ours. */
function isLostConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (codeOf(error) === 'ENOENT') return 'syscall' in error && error.syscall === 'connect';
  return /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
    error.message,
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
