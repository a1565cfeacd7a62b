import { useCallback, useSyncExternalStore } from 'react';
import type { UserList } from './user-list.ts';

/** Whether the server answers the list at this moment, by following it or by reads. Draws anew only when that changes. */
export function useIsReachable(list: UserList | undefined): boolean {
  const subscribe = useCallback((listener: () => void) => list?.subscribe(listener) ?? (() => undefined), [list]);
  return useSyncExternalStore(subscribe, () => {
    const kind = list?.getSnapshot().connection.kind;
    return kind === 'live' || kind === 'polling' || kind === 'catching-up';
  });
}
