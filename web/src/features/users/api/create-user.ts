import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { CreateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import type { IUserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { answerOf } from '../../../rpc/answer-of.ts';
import { useCommand } from './use-command.ts';
import { userOf } from './user-of.ts';

export type NewUser = Omit<CreateUserRequest, 'id' | 'requestId'>;

export async function createUser(client: IUserServiceClient, input: NewUser, requestId: string): Promise<User> {
  return userOf(await answerOf(client.createUser({ ...input, id: '', requestId })));
}

export function useCreateUser() {
  return useCommand(createUser);
}
