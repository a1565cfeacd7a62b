import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { CreateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { answerOf } from '../../../rpc/answer-of.ts';
import type { Clients } from '../../../rpc/clients.tsx';
import { useCommand } from '../../../rpc/use-command.ts';
import { userOf } from './user-of.ts';

export type NewUser = Omit<CreateUserRequest, 'id' | 'requestId'>;

export async function createUser({ users }: Clients, input: NewUser, requestId: string): Promise<User> {
  return userOf(await answerOf(users.createUser({ ...input, id: '', requestId })));
}

export function useCreateUser() {
  return useCommand(createUser);
}
