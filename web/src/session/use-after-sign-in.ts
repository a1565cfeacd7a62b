import { useEffect, useEffectEvent, useRef } from 'react';
import { useSessionState } from './session-context.tsx';

/** Runs something each time the person has signed in again over the page that calls this: what was refused meanwhile is tried again. */
export function useAfterSignIn(run: () => void): void {
  const isSignedIn = useSessionState().kind === 'signed-in';
  const wasSignedIn = useRef(isSignedIn);
  const again = useEffectEvent(run);
  useEffect(() => {
    if (isSignedIn && !wasSignedIn.current) again();
    wasSignedIn.current = isSignedIn;
  }, [isSignedIn]);
}
