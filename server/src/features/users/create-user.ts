import { type CreateUserRequest, CreateUserResponse } from '@roster/proto/gen/userservice/v1/user_service';
import type { UnaryHandler } from '../../rpc/context.ts';
import { authorizeCreation } from '../../rules/authorize-change.ts';
import { readOptionalUuid } from '../../store/ids.ts';
import { insertUser, newUser } from '../../store/new-user.ts';
import { command } from './command.ts';
import type { UsersParts } from './users-parts.ts';

export function createUser(parts: UsersParts): UnaryHandler<CreateUserRequest, CreateUserResponse> {
  return command(parts, CreateUserResponse, (request) => {
    const id = readOptionalUuid(request.id, 'id') ?? parts.newId();
    const user = newUser(request, id, parts.clock());
    return async (connection, author) => {
      await authorizeCreation(connection, author.caller, user, '');
      return CreateUserResponse.create({ user: await insertUser(connection, user, author) });
    };
  });
}
