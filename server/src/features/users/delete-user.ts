import type { User } from '@roster/proto/gen/userservice/v1/user';
import { type DeleteUserRequest, DeleteUserResponse } from '@roster/proto/gen/userservice/v1/user_service';
import type { Connection } from '../../database/database.ts';
import type { UnaryHandler } from '../../rpc/context.ts';
import { invalidArgument, notFound } from '../../rpc/rpc-error.ts';
import { authorizeChange } from '../../rules/authorize-change.ts';
import { readUserId } from '../../store/ids.ts';
import { timestampOf } from '../../store/user-row.ts';
import { type Author, drawRevisions, type LockedUser, lockUser, replaceUser } from '../../store/user-store.ts';
import { command } from './command.ts';
import { conflictError } from './conflict.ts';
import type { UsersParts } from './users-parts.ts';

export function deleteUser(parts: UsersParts): UnaryHandler<DeleteUserRequest, DeleteUserResponse> {
  return command(parts, DeleteUserResponse, (request) => {
    const id = readUserId(request.id, 'id');
    if (request.baseRevision < 0) {
      const description = 'A revision is positive; 0 deletes whatever the revision is.';
      throw invalidArgument([{ field: 'base_revision', description, reason: 'OUT_OF_RANGE' }]);
    }
    return async (connection, author) => {
      const { baseRevision, confirmSelf } = request;
      await softDelete(connection, { id, field: 'id', baseRevision, isSelfConfirmed: confirmSelf }, author);
      return DeleteUserResponse.create();
    };
  });
}

interface Deletion {
  readonly id: string;
  readonly field: string;
  readonly baseRevision: number;
  readonly isSelfConfirmed: boolean;
}

/** Marks a user as deleted, and returns it; NOT_FOUND, on `field`, if it is already. With a base revision, ABORTED if anything about it changed since. */
export async function softDelete(
  connection: Connection,
  { id, field, baseRevision, isSelfConfirmed }: Deletion,
  author: Author,
): Promise<User> {
  const locked = await lockUser(connection, id);
  if (!locked || locked.user.deletedAt) throw notFound('user', field);
  const before = locked.user;
  const at = timestampOf(author.at.getTime());
  const deleted: User = { ...before, updatedAt: at, deletedAt: at };
  const change = { before, after: deleted, fields: [], prefix: '', isSelfConfirmed };
  await authorizeChange(connection, author.caller, change);
  if (baseRevision > 0 && before.revision > baseRevision) throw await deleteConflict(connection, locked, baseRevision);
  const [revision = 0] = await drawRevisions(connection, 1);
  const after = { ...deleted, revision };
  await replaceUser(connection, {
    kind: 'deleted',
    before,
    after,
    paths: [],
    fieldRevisions: locked.fieldRevisions,
    author,
  });
  return after;
}

function deleteConflict(connection: Connection, locked: LockedUser, baseRevision: number) {
  const overlaps = Object.entries(locked.fieldRevisions)
    .filter(([, revision]) => revision > baseRevision)
    .map(([path, revision]) => ({ path, revision }));
  return conflictError(connection, locked.user, overlaps);
}
