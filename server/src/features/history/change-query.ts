import { createHash } from 'node:crypto';
import type { Timestamp } from '@roster/proto/gen/google/protobuf/timestamp';
import { ChangeKind, type ListUserChangesRequest } from '@roster/proto/gen/roster/history/v1/history_service';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { formatLeaf, parseMaskPath } from '@roster/proto/mask-paths';
import { epochMs } from '@roster/proto/order';
import { type FieldViolation, invalidArgument } from '../../rpc/rpc-error.ts';
import { readOptionalUuid } from '../../store/ids.ts';
import { readPageSize } from './page-size.ts';

/** Which changes a list shows; what is undefined does not narrow it. */
export interface ChangeFilter {
  readonly revision: number | undefined;
  readonly userId: string | undefined;
  readonly actorId: string | undefined;
  readonly kind: ChangeKind | undefined;
  /** A field or leaf, as the history writes it. */
  readonly path: string | undefined;
  readonly roleGiven: UserRole | undefined;
  /** Epoch milliseconds: from here on. */
  readonly since: number | undefined;
  /** Epoch milliseconds: before this. */
  readonly until: number | undefined;
}

/** What a list of changes asks for, checked. */
export interface ChangeQuery {
  readonly filter: ChangeFilter;
  /** Names the filter; page tokens are bound to it. */
  readonly hash: string;
  readonly pageSize: number;
}

/** Longer than any id of ours. */
const actorIdLength = 200;

export function readChangeQuery(request: ListUserChangesRequest): ChangeQuery {
  const violations: FieldViolation[] = [];
  const take = <T>(field: string, value: T, problem: Omit<FieldViolation, 'field'> | undefined): T => {
    if (problem) violations.push({ field, ...problem });
    return value;
  };
  const pageSize = readPageSize(request.pageSize, violations);
  const path = readPath(request.path);
  const filter: ChangeFilter = {
    revision: take('revision', request.revision || undefined, request.revision < 0 ? negative : undefined),
    userId: readOptionalUuid(request.userId, 'user_id'),
    actorId: take('actor_id', request.actorId || undefined, actorProblem(request.actorId)),
    kind: take('kind', request.kind || undefined, ChangeKind[request.kind] === undefined ? unknownValue : undefined),
    path: take('path', path, request.path !== '' && path === undefined ? unknownPath : undefined),
    roleGiven: take(
      'role_given',
      request.roleGiven || undefined,
      UserRole[request.roleGiven] === undefined ? unknownValue : undefined,
    ),
    since: take('since', momentOf(request.since), momentProblem(request.since)),
    until: take('until', momentOf(request.until), momentProblem(request.until)),
  };
  if (request.watch && request.pageToken !== '') {
    const description = 'A watch begins with the first page.';
    violations.push({ field: 'page_token', description, reason: 'NOT_WITH_WATCH' });
  }
  if (violations.length > 0) throw invalidArgument(violations);
  const hash = createHash('sha256').update(JSON.stringify(Object.values(filter).map((value) => value ?? null)));
  return { filter, hash: hash.digest('base64url').slice(0, 16), pageSize };
}

const negative = { description: 'A revision is positive.', reason: 'OUT_OF_RANGE' };
const unknownValue = { description: 'There is no such value.', reason: 'VALUE_UNKNOWN' };
const unknownPath = {
  description: 'Name a field of a user, such as email, address or metadata.team.',
  reason: 'PATH_UNKNOWN',
};

/** The path as the history writes it: a key in needless backticks loses them. */
function readPath(text: string): string | undefined {
  const path = parseMaskPath(text);
  if (!path || text.includes('\0')) return undefined;
  if ('line' in path || 'key' in path) return formatLeaf(path);
  return path.field;
}

function actorProblem(id: string): Omit<FieldViolation, 'field'> | undefined {
  if (id.length <= actorIdLength && !id.includes('\0')) return undefined;
  return { description: 'This is no id of an actor.', reason: 'ID_INVALID' };
}

function momentOf(timestamp: Timestamp | undefined): number | undefined {
  return timestamp && epochMs(timestamp);
}

/** The times that a google.protobuf.Timestamp can hold. */
const earliestMs = Date.parse('0001-01-01T00:00:00.000Z');
const latestMs = Date.parse('9999-12-31T23:59:59.999Z');

function momentProblem(timestamp: Timestamp | undefined): Omit<FieldViolation, 'field'> | undefined {
  if (!timestamp) return undefined;
  const ms = epochMs(timestamp);
  const { nanos } = timestamp;
  if (nanos >= 0 && nanos < 1_000_000_000 && ms >= earliestMs && ms <= latestMs) return undefined;
  return { description: 'A time lies in the years 1 to 9999.', reason: 'OUT_OF_RANGE' };
}
