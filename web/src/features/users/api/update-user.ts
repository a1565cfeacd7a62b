import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import type { IUserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { answerOf } from '../../../rpc/answer-of.ts';
import { useCommand } from './use-command.ts';
import { userOf } from './user-of.ts';

export type UserUpdate = Omit<UpdateUserRequest, 'requestId'>;

/** Changes the masked fields. Fails with a `conflict` where one of them has changed since the base revision. */
export async function updateUser(client: IUserServiceClient, update: UserUpdate, requestId: string): Promise<User> {
  return userOf(await answerOf(client.updateUser({ ...update, requestId })));
}

export function useUpdateUser() {
  return useCommand(updateUser);
}
