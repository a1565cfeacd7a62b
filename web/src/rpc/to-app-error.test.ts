import type { IMessageType } from '@protobuf-ts/runtime';
import { RpcError } from '@protobuf-ts/runtime-rpc';
import { Any } from '@roster/proto/gen/google/protobuf/any';
import { BadRequest, ErrorInfo, RetryInfo } from '@roster/proto/gen/google/rpc/error_details';
import { Status } from '@roster/proto/gen/google/rpc/status';
import { User } from '@roster/proto/gen/userservice/v1/user';
import { UpdateConflict } from '@roster/proto/gen/userservice/v1/user_service';
import { describe, expect, test } from 'vitest';
import { statusCodes } from './status-codes.ts';
import { toAppError } from './to-app-error.ts';

function pack<T extends object>(type: IMessageType<T>, message: T): Any {
  return Any.pack(message, type);
}

function failure(
  code: string,
  message: string,
  details: readonly Any[],
  encoding: 'padded' | 'unpadded' = 'padded',
): RpcError {
  const bytes = Status.toBinary(Status.create({ code: 0, message, details: [...details] }));
  const base64 = Buffer.from(bytes).toString('base64');
  const encoded = encoding === 'padded' ? base64 : base64.replace(/=+$/, '');
  return new RpcError(message, code, { 'grpc-status-details-bin': encoded, 'x-request-id': 'r-1' });
}

const ours = (reason: string) => pack(ErrorInfo, ErrorInfo.create({ reason, domain: 'roster' }));
const emailTaken = { field: 'email', description: 'This email is taken.', reason: 'EMAIL_TAKEN' };
const badEmail = pack(BadRequest, BadRequest.create({ fieldViolations: [emailTaken] }));

describe('toAppError', () => {
  test.each(['padded', 'unpadded'] as const)('puts the violations on their fields, from %s base64', (encoding) => {
    expect(toAppError(failure('ALREADY_EXISTS', 'no', [ours('EMAIL_TAKEN'), badEmail], encoding))).toEqual({
      kind: 'taken',
      fields: [{ field: 'email', message: 'This email is taken.', reason: 'EMAIL_TAKEN' }],
      message: 'This email is taken.',
      requestId: 'r-1',
    });
  });

  test('unpacks the conflict of an update', () => {
    const conflict = UpdateConflict.create({ current: User.create({ id: 'a', name: 'Ada' }) });
    const error = toAppError(
      failure('ABORTED', 'Ada was changed.', [ours('CONFLICT'), pack(UpdateConflict, conflict)]),
    );
    expect(error).toEqual({ kind: 'conflict', conflict, message: 'Ada was changed.', requestId: 'r-1' });
  });

  test('tells apart who is signed out, who mistyped, who must confirm and who may not', () => {
    const of = (code: string, reason: string) => toAppError(failure(code, 'Words.', [ours(reason)]));
    expect(of('UNAUTHENTICATED', 'NOT_SIGNED_IN').kind).toBe('signed-out');
    expect(of('UNAUTHENTICATED', 'SIGN_IN_FAILED').kind).toBe('sign-in-failed');
    expect(of('PERMISSION_DENIED', 'FRESH_SIGN_IN_REQUIRED').kind).toBe('unconfirmed');
    expect(of('PERMISSION_DENIED', 'ROLE_TOO_LOW')).toMatchObject({ kind: 'not-permitted', reason: 'ROLE_TOO_LOW' });
  });

  test('says when to come back', () => {
    const retryDelay = { seconds: '2', nanos: 500_000_000 };
    const error = toAppError(
      failure('RESOURCE_EXHAUSTED', 'Slow down.', [ours('RATE'), pack(RetryInfo, RetryInfo.create({ retryDelay }))]),
    );
    expect(error).toMatchObject({ kind: 'limited', retryAfterMs: 2500, message: 'Slow down.' });
    expect(toAppError(new RpcError('', 'RESOURCE_EXHAUSTED', { 'retry-after': '3' }))).toMatchObject({
      retryAfterMs: 3000,
    });
  });

  test("shows only sentences that our own server wrote, never a proxy's", () => {
    expect(toAppError(failure('PERMISSION_DENIED', 'Editors cannot do this.', [ours('ROLE')])).message).toBe(
      'Editors cannot do this.',
    );
    expect(toAppError(new RpcError('RBAC: access denied', 'PERMISSION_DENIED')).message).toBe(
      'Your role does not allow this.',
    );
    expect(toAppError(new RpcError('upstream connect error', 'UNAVAILABLE')).message).toBe(
      'The server cannot be reached.',
    );
  });

  test('takes a stream that was ended because its reader was slow for a lost connection, not for a conflict', () => {
    expect(toAppError(failure('ABORTED', 'Too slow.', [ours('SLOW_READER')]))).toMatchObject({ kind: 'unreachable' });
  });

  test.each(['', 'no base64 at all!', 'AAAA', '//////'])(
    'keeps its kind when the details are damaged: "%s"',
    (damaged) => {
      const error = new RpcError('', 'NOT_FOUND', { 'grpc-status-details-bin': damaged });
      expect(toAppError(error)).toEqual({ kind: 'not-found', message: 'This does not exist, or no longer does.' });
    },
  );

  test('has a calm sentence for every status, and for what is no status', () => {
    const thrown = [
      ...statusCodes.map((code) => new RpcError('raw%20text', code)),
      new TypeError('x is undefined'),
      'text',
      undefined,
    ];
    for (const one of thrown) expect(toAppError(one).message).toMatch(/^[A-Z][^!%]+\.$/);
  });
});
