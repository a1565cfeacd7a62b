import type { User } from '@roster/proto/gen/userservice/v1/user';
import { answerOf } from '../../../rpc/answer-of.ts';
import type { Clients } from '../../../rpc/clients.tsx';
import { useCommand } from '../../../rpc/use-command.ts';
import { userOf } from './user-of.ts';

/** Restores a deleted user. Fails as `taken` where somebody else has its email by now. */
export async function undeleteUser({ users }: Clients, id: string, requestId: string): Promise<User> {
  return userOf(await answerOf(users.undeleteUser({ id, requestId })));
}

export function useUndeleteUser() {
  return useCommand(undeleteUser);
}
