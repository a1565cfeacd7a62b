import type { Token } from '@roster/proto/gen/roster/tokens/v1/token_service';
import { TokenServiceClient } from '@roster/proto/gen/roster/tokens/v1/token_service.client';
import { useQuery } from '@tanstack/react-query';
import { answerOf } from '../../rpc/answer-of.ts';
import type { AppError } from '../../rpc/app-error.ts';
import { useClients } from '../../rpc/clients.tsx';
import { retryUnreachable } from '../../rpc/retry.ts';
import { useSignedIn } from '../../session/session-context.tsx';

export const tokensKey = ['tokens'] as const;

/** The person's tokens; an admin's list holds all. */
export function useTokens(showEnded: boolean) {
  const clients = useClients();
  // Whoever is given another role sees others.
  const { role } = useSignedIn().access;
  return useQuery<readonly Token[], AppError>({
    queryKey: [...tokensKey, showEnded, role],
    queryFn: async ({ signal }) =>
      (await answerOf(clients.of(TokenServiceClient).listTokens({ showEnded }, { abort: signal }))).tokens,
    structuralSharing: false,
    placeholderData: (before) => before,
    ...retryUnreachable,
  });
}
