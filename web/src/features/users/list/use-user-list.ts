import { useEffect, useState } from 'react';
import { createFeedSlots } from '../../../lib/feed-slots.ts';
import { createPageSignals } from '../../../lib/page-signals.ts';
import { createScheduler } from '../../../lib/scheduler.ts';
import { useClients } from '../../../rpc/clients.tsx';
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
    const openChannel = (name: string) => new BroadcastChannel(name);
    const slots = createFeedSlots({ protocol: location.protocol, locks: navigator.locks, openChannel });
    const page = createPageSignals(window);
    const parts = { client, scheduler: createScheduler(), page, slots, random: Math.random };
    return createSwitchingList({ filter, orderBy, showDeleted }, (query) => createUserList({ ...parts, query }));
  });
  useEffect(() => list.switchTo({ filter, orderBy, showDeleted }), [list, filter, orderBy, showDeleted]);
  // Last, so that a component that is taken off and put back opens its list anew.
  useEffect(() => () => list.close(), [list]);
  return list;
}
