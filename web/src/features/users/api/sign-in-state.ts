import type { CreateLinkResponse, SignInState } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf } from '../../../rpc/answer-of.ts';
import type { AppError } from '../../../rpc/app-error.ts';
import { background } from '../../../rpc/background.ts';
import { type Clients, useClients } from '../../../rpc/clients.tsx';
import { retryUnreachable } from '../../../rpc/retry.ts';

export const signInStateKey = (id: string) => ['sign-in-state', id] as const;

/** An invitation that is used, or another one that ends it, shows within so long. */
const refreshMs = 10_000;

/** How a user signs in; null for one who is no more. Kept fresh, for it is no part of the feed. */
export function useSignInState(id: string) {
  const clients = useClients();
  const cache = useQueryClient();
  return useQuery<SignInState | null, AppError>({
    queryKey: signInStateKey(id),
    queryFn: async ({ signal }) => {
      const isFirst = cache.getQueryData(signInStateKey(id)) === undefined;
      const options = { abort: signal, ...(!isFirst && { meta: background }) };
      const call = clients.of(CredentialServiceClient).batchGetSignInStates({ userIds: [id] }, options);
      return (await answerOf(call)).states[0] ?? null;
    },
    structuralSharing: false,
    refetchInterval: refreshMs,
    ...retryUnreachable,
  });
}

const madeLinkKey = (id: string) => ['made-link', id] as const;

export interface MadeLink {
  readonly link: CreateLinkResponse | undefined;
  /** When it was made, as `dataUpdatedAt` of a query counts. */
  readonly madeAt: number;
  keep(link: CreateLinkResponse): void;
}

/** A link that was made just now. It outlives a panel that is drawn anew, as when a screen is turned, and is gone soon after one that is closed. */
export function useMadeLink(id: string): MadeLink {
  const cache = useQueryClient();
  const { data, dataUpdatedAt } = useQuery<CreateLinkResponse>({
    queryKey: madeLinkKey(id),
    queryFn: skipToken,
    structuralSharing: false,
    gcTime: 2000,
  });
  return { link: data, madeAt: dataUpdatedAt, keep: (link) => cache.setQueryData(madeLinkKey(id), link) };
}

/** Makes a one-time link for a user: an invitation, or a recovery where they can sign in already. */
export function createLink(clients: Clients, userId: string, requestId: string): Promise<CreateLinkResponse> {
  return answerOf(clients.of(CredentialServiceClient).createLink({ userId, requestId }));
}
