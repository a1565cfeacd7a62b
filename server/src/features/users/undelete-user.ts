import type { User } from '@roster/proto/gen/userservice/v1/user';
import { type UndeleteUserRequest, UndeleteUserResponse } from '@roster/proto/gen/userservice/v1/user_service';
import type { Connection } from '../../database/database.ts';
import { isUniqueViolation } from '../../database/pg-errors.ts';
import type { UnaryHandler } from '../../rpc/context.ts';
import { failedPrecondition, notFound } from '../../rpc/rpc-error.ts';
import { authorizeChange } from '../../rules/authorize-change.ts';
import { readUserId } from '../../store/ids.ts';
import { emailTaken } from '../../store/new-user.ts';
import { timestampOf } from '../../store/user-row.ts';
import { type Author, drawRevisions, lockUser, replaceUser } from '../../store/user-store.ts';
import { command } from './command.ts';
import type { UsersParts } from './users-parts.ts';

export function undeleteUser(parts: UsersParts): UnaryHandler<UndeleteUserRequest, UndeleteUserResponse> {
  return command(parts, UndeleteUserResponse, (request) => {
    const id = readUserId(request.id, 'id');
    return async (connection, author) => UndeleteUserResponse.create({ user: await restore(connection, id, author) });
  });
}

/** Restores a deleted user; FAILED_PRECONDITION if it is not deleted. */
export async function restore(connection: Connection, id: string, author: Author): Promise<User> {
  const locked = await lockUser(connection, id);
  if (!locked) throw notFound('user', 'id');
  const before = locked.user;
  if (!before.deletedAt) {
    throw failedPrecondition({ type: 'USER_NOT_DELETED', subject: id, description: 'This user is not deleted.' });
  }
  const [revision = 0] = await drawRevisions(connection, 1);
  const { deletedAt: _, ...alive } = before;
  const after: User = { ...alive, revision, updatedAt: timestampOf(author.at.getTime()) };
  await authorizeChange(connection, author.caller, { before, after, fields: [], prefix: '', isSelfConfirmed: false });
  try {
    await replaceUser(connection, {
      kind: 'undeleted',
      before,
      after,
      paths: [],
      fieldRevisions: locked.fieldRevisions,
      author,
    });
  } catch (error) {
    if (isUniqueViolation(error, 'users_email_unique')) throw emailTaken('email');
    throw error;
  }
  return after;
}
