import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { answerOf } from '../../../rpc/answer-of.ts';
import type { Clients } from '../../../rpc/clients.tsx';
import { useCommand } from '../../../rpc/use-command.ts';
import { userOf } from './user-of.ts';

export type UserUpdate = Omit<UpdateUserRequest, 'requestId'>;

/** Changes the masked fields. Fails with a `conflict` where one of them has changed since the base revision. */
export async function updateUser({ users }: Clients, update: UserUpdate, requestId: string): Promise<User> {
  return userOf(await answerOf(users.updateUser({ ...update, requestId })));
}

export function useUpdateUser() {
  return useCommand(updateUser);
}
