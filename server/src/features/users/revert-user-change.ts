import {
  type RevertUserChangeRequest,
  RevertUserChangeResponse,
} from '@roster/proto/gen/roster/history/v1/history_service';
import { User } from '@roster/proto/gen/userservice/v1/user';
import { parseMaskPath } from '@roster/proto/mask-paths';
import type { Connection } from '../../database/database.ts';
import type { UnaryHandler } from '../../rpc/context.ts';
import { failedPrecondition, invalidArgument, notFound } from '../../rpc/rpc-error.ts';
import { findLaterDeletion, type KeptChange, readKeptChange } from '../../store/history-store.ts';
import { type Author, lockUser } from '../../store/user-store.ts';
import { command } from './command.ts';
import { conflictError } from './conflict.ts';
import { softDelete } from './delete-user.ts';
import { restore } from './undelete-user.ts';
import { applyEdit } from './update-user.ts';
import type { UsersParts } from './users-parts.ts';

/** RevertUserChange of roster.history.v1: takes a change back by the very edit, deletion or restoration that a person would make, with all their rules. */
export function revertUserChange(parts: UsersParts): UnaryHandler<RevertUserChangeRequest, RevertUserChangeResponse> {
  return command(parts, RevertUserChangeResponse, (request) => {
    if (request.revision <= 0) {
      const description = 'Name a change by its revision, which is positive.';
      const reason = request.revision === 0 ? 'REQUIRED' : 'OUT_OF_RANGE';
      throw invalidArgument([{ field: 'revision', description, reason }]);
    }
    return async (connection, author) => {
      const change = await readKeptChange(connection, request.revision);
      if (!change) throw notFound('change', 'revision');
      return RevertUserChangeResponse.create({ user: await revert(connection, change, request, author) });
    };
  });
}

async function revert(
  connection: Connection,
  change: KeptChange,
  { overwrite, confirmSelf: isSelfConfirmed }: RevertUserChangeRequest,
  author: Author,
): Promise<User> {
  const id = change.userId;
  switch (change.kind) {
    case 'created': {
      const description = 'There was nothing before this change. Delete the person instead.';
      throw failedPrecondition({ type: 'NOTHING_TO_REVERT', subject: id, description });
    }
    case 'updated':
      return applyEdit(
        connection,
        {
          id,
          patch: change.before ?? User.create(),
          paths: change.paths.flatMap((path) => parseMaskPath(path) ?? []),
          baseRevision: overwrite ? 0 : change.revision,
          prefix: '',
          isSelfConfirmed,
        },
        author,
      );
    case 'deleted':
      if (!overwrite) await requireNoLaterDeletion(connection, change);
      return restore(connection, id, author);
    case 'undeleted':
      if (!overwrite) await requireNoLaterDeletion(connection, change);
      if ((await lockUser(connection, id))?.user.deletedAt) throw deletedAlready(id);
      return softDelete(connection, { id, field: 'revision', baseRevision: 0, isSelfConfirmed }, author);
  }
}

function deletedAlready(id: string) {
  return failedPrecondition({ type: 'USER_DELETED', subject: id, description: 'This user is deleted already.' });
}

/** Whether a person is deleted is a field of its own: what has changed since beside it does not matter. */
async function requireNoLaterDeletion(connection: Connection, { userId, revision }: KeptChange): Promise<void> {
  const locked = await lockUser(connection, userId);
  const later = locked && (await findLaterDeletion(connection, userId, revision));
  if (locked && later !== undefined) {
    throw await conflictError(connection, locked.user, [{ path: 'deleted_at', revision: later }]);
  }
}
