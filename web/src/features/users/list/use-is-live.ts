import { useCallback, useSyncExternalStore } from 'react';
import type { UserList } from './user-list.ts';

/** Whether the list follows its changes at this moment. Draws anew only when that changes. */
export function useIsLive(list: UserList | undefined): boolean {
  const subscribe = useCallback((listener: () => void) => list?.subscribe(listener) ?? (() => undefined), [list]);
  return useSyncExternalStore(subscribe, () => list?.getSnapshot().connection.kind === 'live');
}
