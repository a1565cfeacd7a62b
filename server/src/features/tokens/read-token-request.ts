import type { Timestamp } from '@roster/proto/gen/google/protobuf/timestamp';
import type { CreateTokenRequest } from '@roster/proto/gen/roster/tokens/v1/token_service';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { limits } from '@roster/proto/limits';
import { lifetimes } from '../../identity/lifetimes.ts';
import type { Caller } from '../../rpc/context.ts';
import { type FieldViolation, invalidArgument, permissionDenied } from '../../rpc/rpc-error.ts';
import { includesRole, scopes } from '../../rules/access.ts';
import { validateText } from '../../store/validate-text.ts';

/** What a new token is to be. */
export interface NewToken {
  readonly name: string;
  readonly role: UserRole;
  readonly scopes: readonly string[];
  readonly expiresAt: Date;
}

const lifetimeMinMs = 60_000;

/**
 * Reads a request for a token. INVALID_ARGUMENT with every field at fault; PERMISSION_DENIED for one that would do more than its maker may: a higher role, or, of a
 * program, a scope that it lacks or a longer life.
 */
export function readNewToken(request: CreateTokenRequest, caller: Caller, now: Date): NewToken {
  const name = request.name.trim();
  const expiresAtMs = millisecondsOf(request.expiresAt);
  const violations = [
    ...validateText('name', name, { max: limits.tokenNameLength, required: 'Enter a name.' }),
    ...validateRole(request.role),
    ...validateScopes(request.scopes),
    ...validateExpiry(expiresAtMs, now.getTime()),
  ];
  if (violations.length > 0 || expiresAtMs === undefined) throw invalidArgument(violations);
  const expiresAt = new Date(expiresAtMs);
  const excesses = [
    ...excessOfRole(request.role, caller),
    ...excessOfScopes(request.scopes, caller),
    ...excessOfLife(expiresAt, caller),
  ];
  const [first] = excesses;
  if (first) throw permissionDenied(first.reason, first.description, excesses);
  return { name, role: request.role, scopes: scopes.filter((scope) => request.scopes.includes(scope)), expiresAt };
}

function validateRole(role: UserRole): readonly FieldViolation[] {
  if (role !== UserRole.UNSPECIFIED && UserRole[role] !== undefined) return [];
  return [{ field: 'role', description: 'Choose a role: admin, editor or viewer.', reason: 'ROLE_UNKNOWN' }];
}

function validateScopes(chosen: readonly string[]): readonly FieldViolation[] {
  if (chosen.length === 0) {
    return [{ field: 'scopes', description: 'Choose what the token may be used for.', reason: 'REQUIRED' }];
  }
  if (chosen.every((scope) => scopes.some((known) => known === scope))) return [];
  return [{ field: 'scopes', description: `There are only: ${scopes.join(', ')}.`, reason: 'SCOPE_UNKNOWN' }];
}

function validateExpiry(expiresAtMs: number | undefined, nowMs: number): readonly FieldViolation[] {
  const field = 'expires_at';
  if (expiresAtMs === undefined) {
    return [{ field, description: 'Say when the token expires.', reason: 'REQUIRED' }];
  }
  if (expiresAtMs - nowMs > lifetimes.apiTokenMaxMs) {
    return [{ field, description: 'A token is good for at most 366 days.', reason: 'TOO_LATE' }];
  }
  if (expiresAtMs - nowMs >= lifetimeMinMs) return [];
  return [{ field, description: 'A token is good for at least a minute.', reason: 'TOO_EARLY' }];
}

function excessOfRole(role: UserRole, caller: Caller): readonly FieldViolation[] {
  if (includesRole(caller.role, role)) return [];
  const description = 'Your role does not allow you to give this role.';
  return [{ field: 'role', description, reason: 'ROLE_ABOVE_OWN' }];
}

function excessOfScopes(chosen: readonly string[], caller: Caller): readonly FieldViolation[] {
  if (caller.scopes === undefined || chosen.every((scope) => caller.scopes?.includes(scope))) return [];
  const description = 'A token gives no scope that it lacks itself.';
  return [{ field: 'scopes', description, reason: 'SCOPE_ABOVE_OWN' }];
}

/** A session is short and a person comes again; but a program could live on by its own tokens for ever. */
function excessOfLife(expiresAt: Date, caller: Caller): readonly FieldViolation[] {
  if (caller.tokenId === undefined || (caller.expiresAt !== undefined && expiresAt <= caller.expiresAt)) return [];
  const description = 'A token gives no life that is longer than its own.';
  return [{ field: 'expires_at', description, reason: 'EXPIRY_ABOVE_OWN' }];
}

/** Undefined where there is none. What is no time at all is infinitely late. */
function millisecondsOf(timestamp: Timestamp | undefined): number | undefined {
  if (!timestamp) return undefined;
  const { seconds, nanos } = timestamp;
  if (nanos < 0 || nanos > 999_999_999) return Number.POSITIVE_INFINITY;
  return Number(seconds) * 1000 + Math.floor(nanos / 1_000_000);
}
