import { HistoryServiceClient } from '@roster/proto/gen/roster/history/v1/history_service.client';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { createLiveHost } from '../../../live/live-host.ts';
import { useClients } from '../../../rpc/clients.tsx';
import { useAfterSignIn } from '../../../session/use-after-sign-in.ts';
import type { ChangeFilter } from '../api/change-filter.ts';
import type { ChangeListSnapshot } from './change-list.ts';
import { createChangeList } from './create-change-list.ts';
import { createSwitchingChangeList, type SwitchingChangeList } from './switching-change-list.ts';

/** The live list of a filter, open as long as the component is on screen. */
export function useChangeList(filter: ChangeFilter): {
  readonly list: SwitchingChangeList;
  readonly snapshot: ChangeListSnapshot;
} {
  const clients = useClients();
  const [list] = useState(() => {
    const parts = { client: clients.of(HistoryServiceClient), ...createLiveHost() };
    return createSwitchingChangeList((of) => createChangeList({ ...parts, filter: of }));
  });
  useEffect(() => list.switchTo(filter), [list, filter]);
  useAfterSignIn(() => list.retry());
  // Last, so that a component that is taken off and put back opens its list anew.
  useEffect(() => () => list.close(), [list]);
  const subscribe = useCallback((listener: () => void) => list.subscribe(listener), [list]);
  return { list, snapshot: useSyncExternalStore(subscribe, () => list.getSnapshot()) };
}
