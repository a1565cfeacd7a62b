import type { DeleteUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import type { IUserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { answerOf } from '../../../rpc/answer-of.ts';
import { useCommand } from './use-command.ts';

export type UserDelete = Omit<DeleteUserRequest, 'requestId'>;

/** Deletes a user softly; `undeleteUser` takes it back. */
export async function deleteUser(client: IUserServiceClient, input: UserDelete, requestId: string): Promise<void> {
  await answerOf(client.deleteUser({ ...input, requestId }));
}

export function useDeleteUser() {
  return useCommand(deleteUser);
}
