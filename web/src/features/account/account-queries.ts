import type { Passkey } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import type { Session } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { SessionServiceClient } from '@roster/proto/gen/roster/sessions/v1/session_service.client';
import { useQuery } from '@tanstack/react-query';
import { answerOf } from '../../rpc/answer-of.ts';
import type { AppError } from '../../rpc/app-error.ts';
import { useClients } from '../../rpc/clients.tsx';
import { retryUnreachable } from '../../rpc/retry.ts';

export const sessionsKey = ['account', 'sessions'] as const;
export const passkeysKey = ['account', 'passkeys'] as const;

/** Where the person is signed in. */
export function useSessions() {
  const clients = useClients();
  return useQuery<readonly Session[], AppError>({
    queryKey: sessionsKey,
    queryFn: async ({ signal }) =>
      (await answerOf(clients.of(SessionServiceClient).listSessions({}, { abort: signal }))).sessions,
    structuralSharing: false,
    ...retryUnreachable,
  });
}

export function usePasskeys() {
  const clients = useClients();
  return useQuery<readonly Passkey[], AppError>({
    queryKey: passkeysKey,
    queryFn: async ({ signal }) =>
      (await answerOf(clients.of(CredentialServiceClient).listPasskeys({}, { abort: signal }))).passkeys,
    structuralSharing: false,
    ...retryUnreachable,
  });
}
