import type { User } from '@roster/proto/gen/userservice/v1/user';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useClients } from '../../../rpc/clients.tsx';
import type { UserList } from '../list/user-list.ts';
import { putUser, userKey, userQuery } from './users-queries.ts';

/** How often a user that no feed follows is read again, while the page is in view, and while reading it fails. */
const unfollowedIntervalMs = { usual: 5_000, failing: 30_000 };

/**
 * One user, kept true: drawn at once from the list where it is loaded there, then read, then followed.
 *
 * The list's feed keeps it new; where there is no list, or the user is not among its rows, it is read again from time to time.
 */
export function useUser(id: string, list?: UserList) {
  const { users } = useClients();
  useFeedUser(id, list);
  const row = list?.find(id)?.user;
  return useQuery({
    ...userQuery(users, id),
    ...(row && { initialData: row, initialDataUpdatedAt: 0 }),
    refetchInterval: ({ state }) => {
      if (list?.find(id)) return false;
      return state.error ? unfollowedIntervalMs.failing : unfollowedIntervalMs.usual;
    },
    refetchOnWindowFocus: () => list?.find(id) === undefined,
  });
}

/** Copies what the feed brings into the query's cache, and reads the user again when it leaves the list: it may be deleted, or no longer match. */
function useFeedUser(id: string, list: UserList | undefined): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    if (!list) return undefined;
    let seen: User | undefined;
    const follow = () => {
      const user = list.find(id)?.user;
      if (user && user !== seen) putUser(queryClient, user);
      if (!user && seen) void queryClient.invalidateQueries({ queryKey: userKey(id) });
      seen = user;
    };
    follow();
    return list.subscribe(follow);
  }, [id, list, queryClient]);
}
