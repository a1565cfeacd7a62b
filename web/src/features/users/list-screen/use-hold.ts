import { useEffect } from 'react';
import type { UserList } from '../list/user-list.ts';

/** Keeps the rows where they are while `isHeld`: nothing moves under the pointer, the caret or the focus. */
export function useHold(list: UserList | undefined, isHeld: boolean): void {
  useEffect(() => (isHeld ? list?.hold() : undefined), [list, isHeld]);
}
