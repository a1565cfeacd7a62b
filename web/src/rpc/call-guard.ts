import { createContext, useContext } from 'react';

/** Runs a call that a person asked for, and sees to it that what the server asks of them first (to sign in, to confirm who they are) is done. */
export type CallGuard = <Output>(run: () => Promise<Output>) => Promise<Output>;

/** Without a session above there is nothing to see to. */
export const CallGuardContext = createContext<CallGuard>((run) => run());

export function useCallGuard(): CallGuard {
  return useContext(CallGuardContext);
}
