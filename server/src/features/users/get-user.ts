import { type GetUserRequest, GetUserResponse } from '@roster/proto/gen/userservice/v1/user_service';
import type { UnaryHandler } from '../../rpc/context.ts';
import { notFound } from '../../rpc/rpc-error.ts';
import { readUserId } from '../../store/ids.ts';
import { readUser } from '../../store/user-store.ts';
import type { UsersParts } from './users-parts.ts';

export function getUser({ database }: UsersParts): UnaryHandler<GetUserRequest, GetUserResponse> {
  return async (request, context) => {
    const id = readUserId(request.id, 'id');
    const user = await database.run(context.signal, (connection) => readUser(connection, id));
    if (!user) throw notFound('user', 'id');
    return GetUserResponse.create({ user });
  };
}
