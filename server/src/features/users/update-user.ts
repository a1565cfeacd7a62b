import { User } from '@roster/proto/gen/userservice/v1/user';
import { type UpdateUserRequest, UpdateUserResponse } from '@roster/proto/gen/userservice/v1/user_service';
import { formatLeaf, type MaskPath } from '@roster/proto/mask-paths';
import type { Connection } from '../../database/database.ts';
import { isUniqueViolation } from '../../database/pg-errors.ts';
import type { UnaryHandler } from '../../rpc/context.ts';
import { failedPrecondition, invalidArgument, notFound } from '../../rpc/rpc-error.ts';
import { authorizeChange } from '../../rules/authorize-change.ts';
import { applyMask } from '../../store/apply-mask.ts';
import { readUserId } from '../../store/ids.ts';
import { emailTaken } from '../../store/new-user.ts';
import { timestampOf } from '../../store/user-row.ts';
import { type Author, drawRevisions, lockUser, replaceUser } from '../../store/user-store.ts';
import { tidyFields, validateUser } from '../../store/validate-user.ts';
import { command } from './command.ts';
import { conflictError } from './conflict.ts';
import { changedLeaves, findOverlaps, noteRevisions } from './merge.ts';
import { readUpdateMask } from './update-mask.ts';
import type { UsersParts } from './users-parts.ts';

export function updateUser(parts: UsersParts): UnaryHandler<UpdateUserRequest, UpdateUserResponse> {
  return command(parts, UpdateUserResponse, (request) => {
    const edit = readEdit(readUserId(request.id, 'id'), request);
    return async (connection, author) => UpdateUserResponse.create({ user: await applyEdit(connection, edit, author) });
  });
}

export interface Edit {
  readonly id: string;
  readonly patch: User;
  readonly paths: readonly MaskPath[];
  /** 0: the last write wins. */
  readonly baseRevision: number;
  /** Leads the paths of violations, for example `user.`. */
  readonly prefix: string;
  /** See UpdateUserRequest.confirm_self. */
  readonly isSelfConfirmed: boolean;
}

function readEdit(id: string, request: UpdateUserRequest): Edit {
  const patch = request.user ?? User.create();
  refuseFeed(patch, 'user.feed');
  if (request.baseRevision < 0) {
    const description = 'A revision is positive; 0 means that the last write wins.';
    throw invalidArgument([{ field: 'base_revision', description, reason: 'OUT_OF_RANGE' }]);
  }
  return {
    id,
    patch,
    paths: readUpdateMask(request.updateMask, patch),
    baseRevision: request.baseRevision,
    prefix: 'user.',
    isSelfConfirmed: request.confirmSelf,
  };
}

export function refuseFeed(user: User, field: string): void {
  if (user.feed)
    throw invalidArgument([{ field, description: 'Only the server sends feed events.', reason: 'FIELD_SERVER_OWNED' }]);
}

/** Applies an edit to a locked user; an edit that changes nothing leaves no trace. */
export async function applyEdit(connection: Connection, edit: Edit, author: Author): Promise<User> {
  const locked = await lockUser(connection, edit.id);
  if (!locked) throw notFound('user', 'id');
  const before = locked.user;
  if (before.deletedAt) {
    throw failedPrecondition({
      type: 'USER_DELETED',
      subject: edit.id,
      description: 'This user is deleted. Restore it first.',
    });
  }
  const after = tidyFields(applyMask(before, edit.patch, edit.paths));
  // What the edit leaves alone is not its fault: a stored user may be older than a limit.
  const violations = validateUser(
    after,
    edit.prefix,
    edit.paths.map(({ field }) => field),
  );
  if (violations.length > 0) throw invalidArgument(violations);
  const leaves = changedLeaves(edit.paths, before, after);
  if (leaves.length > 0) {
    const fields = leaves.map(({ field }) => field);
    await authorizeChange(connection, author.caller, { ...edit, before, after, fields });
  }
  if (edit.baseRevision > 0) {
    const overlaps = findOverlaps(edit.paths, before, after, locked.fieldRevisions, edit.baseRevision);
    if (overlaps.length > 0) throw await conflictError(connection, before, overlaps);
  }
  if (leaves.length === 0) return before;
  const [revision = 0] = await drawRevisions(connection, 1);
  const changed = { ...after, revision, updatedAt: timestampOf(author.at.getTime()) };
  const paths = leaves.map(formatLeaf);
  const fieldRevisions = noteRevisions(locked.fieldRevisions, paths, changed);
  try {
    await replaceUser(connection, { kind: 'updated', before, after: changed, paths, fieldRevisions, author });
  } catch (error) {
    if (isUniqueViolation(error, 'users_email_unique')) throw emailTaken(`${edit.prefix}email`);
    throw error;
  }
  return changed;
}
