import type { User } from '@roster/proto/gen/userservice/v1/user';
import { type DeleteUserRequest, DeleteUserResponse } from '@roster/proto/gen/userservice/v1/user_service';
import type { Connection } from '../../database/database.ts';
import type { UnaryHandler } from '../../rpc/context.ts';
import { invalidArgument, notFound } from '../../rpc/rpc-error.ts';
import { command } from './command.ts';
import { conflictError } from './conflict.ts';
import { readUserId } from './ids.ts';
import { timestampOf } from './user-row.ts';
import { type Author, drawRevisions, type LockedUser, lockUser, replaceUser } from './user-store.ts';
import type { UsersParts } from './users-parts.ts';

export function deleteUser(parts: UsersParts): UnaryHandler<DeleteUserRequest, DeleteUserResponse> {
  return command(parts, DeleteUserResponse, (request) => {
    const id = readUserId(request.id, 'id');
    if (request.baseRevision < 0) {
      const description = 'A revision is positive; 0 deletes whatever the revision is.';
      throw invalidArgument([{ field: 'base_revision', description, reason: 'OUT_OF_RANGE' }]);
    }
    return async (connection, author) => {
      await softDelete(connection, { id, field: 'id', baseRevision: request.baseRevision }, author);
      return DeleteUserResponse.create();
    };
  });
}

/** Marks a user as deleted; NOT_FOUND, on `field`, if it is already. With a base revision, ABORTED if anything about it changed since. */
export async function softDelete(
  connection: Connection,
  { id, field, baseRevision }: { readonly id: string; readonly field: string; readonly baseRevision: number },
  author: Author,
): Promise<void> {
  const locked = await lockUser(connection, id);
  if (!locked || locked.user.deletedAt) throw notFound('user', field);
  if (baseRevision > 0 && locked.user.revision > baseRevision)
    throw await deleteConflict(connection, locked, baseRevision);
  const before = locked.user;
  const [revision = 0] = await drawRevisions(connection, 1);
  const at = timestampOf(author.at.getTime());
  const after: User = { ...before, revision, updatedAt: at, deletedAt: at };
  await replaceUser(connection, {
    kind: 'deleted',
    before,
    after,
    paths: [],
    fieldRevisions: locked.fieldRevisions,
    author,
  });
}

function deleteConflict(connection: Connection, locked: LockedUser, baseRevision: number) {
  const overlaps = Object.entries(locked.fieldRevisions)
    .filter(([, revision]) => revision > baseRevision)
    .map(([path, revision]) => ({ path, revision }));
  return conflictError(connection, locked.user, overlaps);
}
