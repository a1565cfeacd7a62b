import { status as Code } from '@grpc/grpc-js';
import type { IMessageType } from '@protobuf-ts/runtime';
import { Any } from '@roster/proto/gen/google/protobuf/any';
import { Duration } from '@roster/proto/gen/google/protobuf/duration';
import { BadRequest, ErrorInfo, PreconditionFailure, RetryInfo } from '@roster/proto/gen/google/rpc/error_details';
import { Status } from '@roster/proto/gen/google/rpc/status';

export { Code };

/** The `domain` of every ErrorInfo of ours (AIP-193). */
export const errorDomain = 'roster';

/** A failure that the caller may read: a gRPC code, a sentence, and google.rpc details. Anything else that is thrown becomes INTERNAL with an incident id. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: Code;
  readonly details: readonly Any[];

  constructor(code: Code, message: string, details: readonly Any[]) {
    super(message.toWellFormed());
    this.code = code;
    this.details = details;
  }

  /** The google.rpc.Status that travels in `grpc-status-details-bin`, and in the failures of bulk calls. */
  toStatus(): Status {
    return Status.create({ code: this.code, message: this.message, details: [...this.details] });
  }
}

/** One field at fault: its path in the request, what is wrong in a sentence, and why as a constant. */
export interface FieldViolation {
  readonly field: string;
  readonly description: string;
  readonly reason: string;
}

export function invalidArgument(violations: readonly FieldViolation[]): RpcError {
  return new RpcError(Code.INVALID_ARGUMENT, sentenceOf(violations), [
    errorInfo(violations[0]?.reason ?? 'INVALID_ARGUMENT'),
    badRequest(violations),
  ]);
}

export function notFound(resource: string, field: string): RpcError {
  const violation = { field, description: `There is no ${resource} with this id.`, reason: 'NOT_FOUND' };
  return new RpcError(Code.NOT_FOUND, violation.description, [errorInfo(violation.reason), badRequest([violation])]);
}

export function alreadyExists(violation: FieldViolation): RpcError {
  return new RpcError(Code.ALREADY_EXISTS, violation.description, [
    errorInfo(violation.reason),
    badRequest([violation]),
  ]);
}

/** A change that lost to another one. `detail` says what is true now. */
export function aborted<T extends object>(
  reason: string,
  message: string,
  detail?: { type: IMessageType<T>; message: T },
): RpcError {
  const details = [errorInfo(reason)];
  if (detail) details.push(Any.pack(detail.message, detail.type));
  return new RpcError(Code.ABORTED, message, details);
}

/** A rule of the store that the request would break. */
export function failedPrecondition(violation: { type: string; subject: string; description: string }): RpcError {
  return new RpcError(Code.FAILED_PRECONDITION, violation.description, [
    errorInfo(violation.type),
    Any.pack(PreconditionFailure.create({ violations: [violation] }), PreconditionFailure),
  ]);
}

/** `violations`: the fields of the request that ask for more than the caller may, where it is a field's fault. */
export function permissionDenied(
  reason: string,
  message: string,
  violations: readonly FieldViolation[] = [],
): RpcError {
  const details = [errorInfo(reason)];
  if (violations.length > 0) details.push(badRequest(violations));
  return new RpcError(Code.PERMISSION_DENIED, message, details);
}

export function unauthenticated(reason: string, message: string): RpcError {
  return new RpcError(Code.UNAUTHENTICATED, message, [errorInfo(reason)]);
}

/** A limit of the caller's own; where it passes by itself, the caller may try again after `retryAfterMs`. */
export function resourceExhausted(reason: string, message: string, retryAfterMs?: number): RpcError {
  const details = [errorInfo(reason)];
  if (retryAfterMs !== undefined) details.push(retryInfo(retryAfterMs));
  return new RpcError(Code.RESOURCE_EXHAUSTED, message, details);
}

/** A failure that passes by itself; the caller may try again after `retryAfterMs`. */
export function unavailable(reason: string, message: string, retryAfterMs: number): RpcError {
  return new RpcError(Code.UNAVAILABLE, message, [errorInfo(reason), retryInfo(retryAfterMs)]);
}

/** Makes the ErrorInfo that every error carries. */
export function errorInfo(reason: string, metadata: Readonly<Record<string, string>> = {}): Any {
  return Any.pack(ErrorInfo.create({ reason, domain: errorDomain, metadata }), ErrorInfo);
}

/** The reason of an error's ErrorInfo. */
export function reasonOf({ details }: RpcError): string {
  const info = details.find((detail) => Any.contains(detail, ErrorInfo));
  return info ? Any.unpack(info, ErrorInfo).reason : '';
}

function retryInfo(retryAfterMs: number): Any {
  const retryDelay = Duration.create({
    seconds: String(Math.floor(retryAfterMs / 1000)),
    nanos: (retryAfterMs % 1000) * 1_000_000,
  });
  return Any.pack(RetryInfo.create({ retryDelay }), RetryInfo);
}

function badRequest(violations: readonly FieldViolation[]): Any {
  const fieldViolations = violations.map(({ field, description, reason }) => ({
    field: field.toWellFormed(),
    description: description.toWellFormed(),
    reason,
  }));
  return Any.pack(BadRequest.create({ fieldViolations }), BadRequest);
}

function sentenceOf(violations: readonly FieldViolation[]): string {
  return violations.map(({ field, description }) => `${field}: ${description}`).join(' ');
}
