import { HistoryServiceClient } from '@roster/proto/gen/roster/history/v1/history_service.client';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { answerOf } from '../../../rpc/answer-of.ts';
import type { AppError } from '../../../rpc/app-error.ts';
import type { Clients } from '../../../rpc/clients.tsx';
import { useCommand } from '../../../rpc/use-command.ts';

export interface Revert {
  readonly revision: number;
  /** Also where somebody has changed the same fields since. */
  readonly overwrite: boolean;
  /** The person means themselves. */
  readonly confirmSelf: boolean;
}

/** Takes a change back, as a new change. Fails with a `conflict` where one of its fields has changed since. */
async function revertChange(clients: Clients, revert: Revert, requestId: string): Promise<User> {
  const { user } = await answerOf(clients.of(HistoryServiceClient).revertUserChange({ ...revert, requestId }));
  if (user) return user;
  const error: AppError = { kind: 'fault', message: 'The server answered without a user.' };
  throw error;
}

export function useRevertChange() {
  return useCommand(revertChange);
}
