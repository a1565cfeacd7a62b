import { useEffect, useState } from 'react';
import { createLiveHost } from '../../../live/live-host.ts';
import { useClients } from '../../../rpc/clients.tsx';
import { useAfterSignIn } from '../../../session/use-after-sign-in.ts';
import { createUserList } from './create-user-list.ts';
import { createSwitchingList } from './switching-list.ts';
import type { UserList, UserListQuery } from './user-list.ts';

/**
 * The live list of a query, open as long as the component is on screen.
 *
 * The returned object stays the same when the query changes; its snapshot says whether the rows still belong to the query before.
 */
export function useUserList({ filter, orderBy, showDeleted }: UserListQuery): UserList {
  const { users: client } = useClients();
  const [list] = useState(() => {
    const parts = { client, ...createLiveHost() };
    return createSwitchingList({ filter, orderBy, showDeleted }, (query) => createUserList({ ...parts, query }));
  });
  useEffect(() => list.switchTo({ filter, orderBy, showDeleted }), [list, filter, orderBy, showDeleted]);
  useAfterSignIn(() => list.retry());
  // Last, so that a component that is taken off and put back opens its list anew.
  useEffect(() => () => list.close(), [list]);
  return list;
}
