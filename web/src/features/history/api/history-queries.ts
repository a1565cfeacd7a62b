import type {
  ListAccessEventsResponse,
  ListRefusalsResponse,
  UserChange,
} from '@roster/proto/gen/roster/history/v1/history_service';
import { HistoryServiceClient } from '@roster/proto/gen/roster/history/v1/history_service.client';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answerOf } from '../../../rpc/answer-of.ts';
import type { AppError } from '../../../rpc/app-error.ts';
import type { Clients } from '../../../rpc/clients.tsx';
import { retryUnreachable } from '../../../rpc/retry.ts';
import { isCancel } from '../../../rpc/rpc-failure.ts';
import { toAppError } from '../../../rpc/to-app-error.ts';
import { type ChangePage, changesRequest, readChanges } from './change-filter.ts';

/** Messages are never found equal by a deep comparison. */
const asTheyCome = { structuralSharing: false, ...retryUnreachable } as const;

const pageSize = 50;

/** A user as it was right after a revision; it never changes. */
export function userAsOfQuery(clients: Clients, userId: string, revision: number) {
  return queryOptions<User, AppError>({
    queryKey: ['user-as-of', userId, revision],
    queryFn: async ({ signal }) => {
      const call = clients.of(HistoryServiceClient).getUserAsOf({ userId, revision }, { abort: signal });
      return userOf(await answerOf(call));
    },
    staleTime: Number.POSITIVE_INFINITY,
    ...asTheyCome,
  });
}

/** A user as it is now. */
export function userNowQuery(clients: Clients, id: string) {
  return queryOptions<User, AppError>({
    queryKey: ['user-now', id],
    queryFn: async ({ signal }) => userOf(await answerOf(clients.users.getUser({ id }, { abort: signal }))),
    ...asTheyCome,
  });
}

/** The changes of one user, the newest first, a few at first. */
export function userChangesQuery(clients: Clients, userId: string) {
  return infiniteQueryOptions<ChangePage, AppError, readonly UserChange[], readonly unknown[], string>({
    queryKey: ['user-changes', userId],
    queryFn: async ({ signal, pageParam: pageToken }) => {
      const request = { ...changesRequest({ userId }, pageToken === '' ? 5 : 20), pageToken };
      try {
        return await readChanges(clients.of(HistoryServiceClient), request, signal);
      } catch (thrown) {
        throw isCancel(thrown) ? thrown : toAppError(thrown);
      }
    },
    initialPageParam: '',
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
    select: ({ pages }) => pages.flatMap(({ changes }) => changes),
    ...asTheyCome,
  });
}

export function accessEventsQuery(clients: Clients, userId: string) {
  return infiniteQueryOptions<
    ListAccessEventsResponse,
    AppError,
    ListAccessEventsResponse['events'],
    readonly unknown[],
    string
  >({
    queryKey: ['access-events', userId],
    queryFn: ({ signal, pageParam: pageToken }) =>
      answerOf(clients.of(HistoryServiceClient).listAccessEvents({ pageSize, pageToken, userId }, { abort: signal })),
    initialPageParam: '',
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
    select: ({ pages }) => pages.flatMap(({ events }) => events),
    ...asTheyCome,
  });
}

export function refusalsQuery(clients: Clients) {
  return infiniteQueryOptions<
    ListRefusalsResponse,
    AppError,
    ListRefusalsResponse['refusals'],
    readonly unknown[],
    string
  >({
    queryKey: ['refusals'],
    queryFn: ({ signal, pageParam: pageToken }) =>
      answerOf(clients.of(HistoryServiceClient).listRefusals({ pageSize, pageToken }, { abort: signal })),
    initialPageParam: '',
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
    select: ({ pages }) => pages.flatMap(({ refusals }) => refusals),
    ...asTheyCome,
  });
}

function userOf({ user }: { readonly user?: User }): User {
  if (user) return user;
  const error: AppError = { kind: 'fault', message: 'The server answered without a user.' };
  throw error;
}
