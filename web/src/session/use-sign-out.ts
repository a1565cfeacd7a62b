import { useState } from 'react';
import { useSession } from './session-context.tsx';
import { useTask } from './use-task.ts';

export interface SignOut {
  readonly isRunning: boolean;
  readonly error: unknown;
  /** Something is not saved, and the person is to say whether it may be lost. */
  readonly isAsking: boolean;
  /** Signs out, or asks first. */
  start(): void;
  /** Signs out whatever is lost. */
  confirm(): void;
  decline(): void;
}

/** Signs out, and asks before where that loses what was typed: unlike an end of the session it keeps nothing. */
export function useSignOut(): SignOut {
  const session = useSession();
  const [isAsking, setAsking] = useState(false);
  const leave = useTask(() => session.signOut());
  return {
    isRunning: leave.isRunning,
    error: leave.error,
    isAsking,
    start() {
      if (session.isWorkHeld()) setAsking(true);
      else void leave.start();
    },
    confirm: () => void leave.start(),
    decline: () => setAsking(false),
  };
}
