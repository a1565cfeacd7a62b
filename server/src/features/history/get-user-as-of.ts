import { type GetUserAsOfRequest, GetUserAsOfResponse } from '@roster/proto/gen/roster/history/v1/history_service';
import { User } from '@roster/proto/gen/userservice/v1/user';
import type { UnaryHandler } from '../../rpc/context.ts';
import { invalidArgument, notFound } from '../../rpc/rpc-error.ts';
import { readUserId } from '../../store/ids.ts';
import { readUserAsOf } from './change-store.ts';
import type { HistoryParts } from './history-parts.ts';

export function getUserAsOf({ database }: HistoryParts): UnaryHandler<GetUserAsOfRequest, GetUserAsOfResponse> {
  return async (request, { signal }) => {
    const userId = readUserId(request.userId, 'user_id');
    const { revision } = request;
    if (revision <= 0) {
      const description = 'Name a revision, which is positive.';
      throw invalidArgument([{ field: 'revision', description, reason: revision === 0 ? 'REQUIRED' : 'OUT_OF_RANGE' }]);
    }
    const bytes = await database.run(signal, (connection) => readUserAsOf(connection, userId, revision));
    if (!bytes) throw notFound('user', 'user_id');
    return GetUserAsOfResponse.create({ user: User.fromBinary(bytes) });
  };
}
