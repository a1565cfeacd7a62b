import { createHash } from 'node:crypto';
import type { IMessageType } from '@protobuf-ts/runtime';
import type { Connection } from '../database/database.ts';
import type { CallContext } from '../rpc/context.ts';
import { invalidArgument } from '../rpc/rpc-error.ts';
import { readOptionalUuid } from './ids.ts';

/** A repeatable call; the type lets its answer be kept. */
interface Repeatable<I extends object, O extends object> {
  readonly request: I & { readonly requestId: string };
  readonly responseType: IMessageType<O>;
}

/**
 * Makes a call happen once for each `request_id` of a caller (AIP-155).
 *
 * Runs inside the call's own transaction, so that the kept answer and the change stand or fall together; a repetition that comes while the first still runs
 * waits for it. The same id with other content is INVALID_ARGUMENT.
 */
export async function answerOnce<I extends object, O extends object>(
  connection: Connection,
  context: CallContext,
  call: Repeatable<I, O>,
  perform: () => Promise<O>,
): Promise<O> {
  const requestId = readOptionalUuid(call.request.requestId, 'request_id');
  if (requestId === undefined) return perform();
  const fingerprint = fingerprintOf(context.method, call);
  const claimed = await connection.query(
    `insert into request_answers (caller_id, request_id, fingerprint) values ($1, $2, $3) on conflict do nothing returning 1`,
    [context.caller.id, requestId, fingerprint],
  );
  if (claimed.length === 0) return readAnswer(connection, context, call, requestId, fingerprint);
  const response = await perform();
  await connection.query(`update request_answers set response = $3 where caller_id = $1 and request_id = $2`, [
    context.caller.id,
    requestId,
    Buffer.from(call.responseType.toBinary(response)),
  ]);
  return response;
}

async function readAnswer<I extends object, O extends object>(
  connection: Connection,
  context: CallContext,
  call: Repeatable<I, O>,
  requestId: string,
  fingerprint: Buffer,
): Promise<O> {
  const [kept] = await connection.query<{ fingerprint: Buffer; response: Buffer }>(
    `select fingerprint, response from request_answers where caller_id = $1 and request_id = $2`,
    [context.caller.id, requestId],
  );
  if (kept?.fingerprint.equals(fingerprint)) return call.responseType.fromBinary(kept.response);
  const description = 'This request id was used for another request. Use a new one.';
  throw invalidArgument([{ field: 'request_id', description, reason: 'REQUEST_ID_REUSED' }]);
}

function fingerprintOf<I extends object, O extends object>(method: string, call: Repeatable<I, O>): Buffer {
  const request = { ...call.request, requestId: call.request.requestId.toLowerCase() };
  return createHash('sha256').update(method).update('\0').update(JSON.stringify(request, withSortedKeys)).digest();
}

/** Two clients, or one client twice, may write the entries of a map in different orders. */
function withSortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
