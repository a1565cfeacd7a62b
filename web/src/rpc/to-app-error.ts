import { RpcError } from '@protobuf-ts/runtime-rpc';
import { UpdateConflict } from '@roster/proto/gen/userservice/v1/user_service';
import type { AppError, FieldError, TextPlace } from './app-error.ts';
import { readStatusDetails, type StatusDetails } from './status-details.ts';

/**
 * Makes the screen's error of whatever a call threw.
 *
 * Ask `isCancel` first: a call that its own caller ended has no error to show. The server's sentence is kept only where our server wrote it, which its
 * ErrorInfo proves; what a proxy or the network says is replaced.
 */
export function toAppError(thrown: unknown): AppError {
  if (!(thrown instanceof RpcError)) return { kind: 'fault', message: 'Something went wrong in this page.' };
  const details = readStatusDetails(thrown.meta);
  const requestId = [thrown.meta['x-request-id'] ?? []].flat()[0];
  return { ...describe(thrown, details), ...(requestId ? { requestId } : {}) };
}

function describe(error: RpcError, details: StatusDetails): AppError {
  const say = (fallback: string) => (details.errorInfo?.domain === 'roster' && error.message) || fallback;
  const fields = fieldErrors(details);
  const reason = details.errorInfo?.reason ?? '';
  switch (error.code) {
    case 'INVALID_ARGUMENT':
    case 'OUT_OF_RANGE':
      return {
        kind: 'invalid',
        fields,
        ...placeOf(details),
        message: sentenceOf(fields) || say('The server did not accept what was sent.'),
      };
    case 'ALREADY_EXISTS':
      return { kind: 'taken', fields, message: sentenceOf(fields) || say('This already exists.') };
    case 'NOT_FOUND':
      return { kind: 'not-found', message: say('This does not exist, or no longer does.') };
    case 'ABORTED':
      return describeAborted(details, say('Someone else changed this in the meantime.'));
    case 'FAILED_PRECONDITION':
      return {
        kind: 'rule',
        reason,
        message: say('A rule does not allow this change.'),
      };
    case 'PERMISSION_DENIED':
      if (reason === 'FRESH_SIGN_IN_REQUIRED')
        return { kind: 'unconfirmed', message: say('Confirm first that it is you.') };
      return { kind: 'not-permitted', reason, fields, message: say('Your role does not allow this.') };
    case 'UNAUTHENTICATED':
      if (reason === 'SIGN_IN_FAILED')
        return { kind: 'sign-in-failed', message: say('Email or password is not right.') };
      return { kind: 'signed-out', message: say('You are signed out. Sign in to go on.') };
    case 'RESOURCE_EXHAUSTED':
      return {
        kind: 'limited',
        retryAfterMs: details.retryAfterMs,
        message: say('The server has had too many requests. Try again in a moment.'),
      };
    case 'DEADLINE_EXCEEDED':
      return { kind: 'timeout', message: 'The server did not answer in time.' };
    case 'UNAVAILABLE':
    case 'CANCELLED':
      return unreachable();
    case 'UNIMPLEMENTED':
      return {
        kind: 'fault',
        message: 'The server does not know this request. Reload the page to get its newest version.',
      };
    default:
      return { kind: 'fault', message: 'Something went wrong on the server. Nothing more is known about it here.' };
  }
}

/** A feed that was ended because its reader was too slow lost no conflict: it only has to come back. */
function describeAborted(details: StatusDetails, message: string): AppError {
  if (details.errorInfo?.reason === 'SLOW_READER') return unreachable();
  return { kind: 'conflict', conflict: details.find(UpdateConflict), message };
}

function unreachable(): AppError {
  return { kind: 'unreachable', message: 'The server cannot be reached.' };
}

function fieldErrors(details: StatusDetails): FieldError[] {
  return details.fieldViolations.map(({ field, description, reason }) => ({ field, message: description, reason }));
}

function placeOf({ errorInfo }: StatusDetails): { place?: TextPlace } {
  const [column, length] = [Number(errorInfo?.metadata['column']), Number(errorInfo?.metadata['length'])];
  return column >= 1 && length >= 0 ? { place: { column, length } } : {};
}

function sentenceOf(fields: readonly FieldError[]): string {
  return fields.map(({ message }) => message).join(' ');
}
