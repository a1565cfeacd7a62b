import { answerOf } from '../../../rpc/answer-of.ts';
import type { Clients } from '../../../rpc/clients.tsx';
import { isAppError } from '../../../rpc/is-app-error.ts';
import { useCommand } from '../../../rpc/use-command.ts';

/** Erases a deleted user for good. Whoever is gone already is as erased as one wanted. */
export async function purgeUser({ users }: Clients, id: string): Promise<void> {
  try {
    await answerOf(users.purgeUser({ id }));
  } catch (thrown) {
    if (!isAppError(thrown) || thrown.kind !== 'not-found') throw thrown;
  }
}

export function usePurgeUser() {
  return useCommand(purgeUser);
}
