import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { IUserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import type { AppError } from '../../../rpc/app-error.ts';
import { background } from '../../../rpc/background.ts';
import { retryUnreachable } from '../../../rpc/retry.ts';
import { getUser } from './get-user.ts';

export const userKey = (id: string) => ['user', id] as const;

/** One user, as the server or the feed said last. */
export function userQuery(client: IUserServiceClient, id: string) {
  return queryOptions<User, AppError, User, ReturnType<typeof userKey>>({
    queryKey: userKey(id),
    // An answer that the feed has overtaken on its way does not replace the newer row.
    queryFn: async ({ signal, client: cache, queryKey }) => {
      // A user who is read anew from time to time is nobody's doing.
      const isAgain = cache.getQueryState(queryKey)?.dataUpdatedAt !== 0;
      const answer = await getUser(client, id, signal, isAgain ? background : {});
      return newest(cache.getQueryData<User>(queryKey), answer);
    },
    // Messages are never found equal by a deep comparison; the revision tells.
    structuralSharing: false,
    ...retryUnreachable,
  });
}

/** Writes a user that came by another way than its query: from the feed, or as the answer of a command. */
export function putUser(queryClient: QueryClient, user: User): void {
  queryClient.setQueryData<User>(userKey(user.id), (held) => newest(held, user));
}

function newest(held: User | undefined, next: User): User {
  return held && held.revision >= next.revision ? held : next;
}
