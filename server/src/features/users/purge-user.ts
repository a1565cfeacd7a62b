import { type PurgeUserRequest, PurgeUserResponse } from '@roster/proto/gen/userservice/v1/user_service';
import { requireUnchangedRights } from '../../identity/caller-rights.ts';
import type { UnaryHandler } from '../../rpc/context.ts';
import { failedPrecondition, notFound } from '../../rpc/rpc-error.ts';
import { readUserId } from '../../store/ids.ts';
import { purgeUsers } from '../../store/purged-users.ts';
import { lockUser } from '../../store/user-store.ts';
import type { UsersParts } from './users-parts.ts';

/** Without a request id: a call that is repeated after its answer was lost finds nobody, which says the same. */
export function purgeUser(parts: UsersParts): UnaryHandler<PurgeUserRequest, PurgeUserResponse> {
  return async (request, { caller, requestId, address, signal }) => {
    const id = readUserId(request.id, 'id');
    await parts.database.transaction(signal, async (connection) => {
      const locked = await lockUser(connection, id);
      if (!locked) throw notFound('user', 'id');
      if (!locked.user.deletedAt) {
        const description = 'Delete this user first: only who is in the bin can be erased.';
        throw failedPrecondition({ type: 'USER_NOT_DELETED', subject: id, description });
      }
      await requireUnchangedRights(connection, caller);
      await purgeUsers(connection, [id], { caller, requestId, address });
    });
    parts.onCommitted();
    return PurgeUserResponse.create();
  };
}
