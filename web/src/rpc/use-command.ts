import { type MutationOptions, type UseMutationResult, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppError } from './app-error.ts';
import { type CallGuard, useCallGuard } from './call-guard.ts';
import { type Clients, useClients } from './clients.tsx';
import { retryUnreachable } from './retry.ts';
import { createSubmissionIds, type SubmissionIds } from './submission-ids.ts';

/** A command of the server: what it is told, and the id under which it happens once. */
export type Command<Input, Output> = (clients: Clients, input: Input, requestId: string) => Promise<Output>;

/** Runs a command as a mutation of the screen that calls this. */
export function useCommand<Input, Output>(command: Command<Input, Output>): UseMutationResult<Output, AppError, Input> {
  const clients = useClients();
  const guard = useCallGuard();
  const [ids] = useState(() => createSubmissionIds());
  return useMutation(commandOptions(clients, command, ids, guard));
}

/**
 * Says how a command is run.
 *
 * While it is not known whether a submission has happened (unreachable, timed out), the same input is sent under the same id: it happens once. Any other
 * answer settles it.
 */
export function commandOptions<Input, Output>(
  clients: Clients,
  command: Command<Input, Output>,
  ids: SubmissionIds,
  guard: CallGuard,
): MutationOptions<Output, AppError, Input> {
  return {
    mutationFn: (input) => guard(() => command(clients, input, ids.idFor(JSON.stringify(input)))),
    onSuccess: () => ids.settle(),
    onError: ({ kind }) => {
      if (kind !== 'unreachable' && kind !== 'timeout') ids.settle();
    },
    ...retryUnreachable,
  };
}
