import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { IUserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { answerOf } from '../../../rpc/answer-of.ts';
import { useCommand } from './use-command.ts';
import { userOf } from './user-of.ts';

/** Restores a deleted user. Fails as `taken` where somebody else has its email by now. */
export async function undeleteUser(client: IUserServiceClient, id: string, requestId: string): Promise<User> {
  return userOf(await answerOf(client.undeleteUser({ id, requestId })));
}

export function useUndeleteUser() {
  return useCommand(undeleteUser);
}
