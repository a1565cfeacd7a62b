import type { DeleteUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { answerOf } from '../../../rpc/answer-of.ts';
import type { Clients } from '../../../rpc/clients.tsx';
import { useCommand } from '../../../rpc/use-command.ts';

export type UserDelete = Omit<DeleteUserRequest, 'requestId'>;

/** Deletes a user softly; `undeleteUser` takes it back. */
export async function deleteUser({ users }: Clients, input: UserDelete, requestId: string): Promise<void> {
  await answerOf(users.deleteUser({ ...input, requestId }));
}

export function useDeleteUser() {
  return useCommand(deleteUser);
}
