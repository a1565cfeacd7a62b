import type { GetSignInOptionsResponse } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { SessionServiceClient } from '@roster/proto/gen/roster/sessions/v1/session_service.client';
import { useQuery } from '@tanstack/react-query';
import { answerOf } from '../rpc/answer-of.ts';
import type { AppError } from '../rpc/app-error.ts';
import { useClients } from '../rpc/clients.tsx';
import { retryUnreachable } from '../rpc/retry.ts';

/** How one may sign in here; needs a ReadCache above. */
export function useSignInOptions() {
  const clients = useClients();
  return useQuery<GetSignInOptionsResponse, AppError>({
    queryKey: ['sign-in-options'],
    queryFn: ({ signal }) => answerOf(clients.of(SessionServiceClient).getSignInOptions({}, { abort: signal })),
    staleTime: 60_000,
    ...retryUnreachable,
  });
}
