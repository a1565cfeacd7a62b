import { useEffect, useEffectEvent, useRef } from 'react';
import { useSessionState } from './session-context.tsx';

/**
 * Runs something each time the page that calls this has another session than before: what was refused meanwhile is tried again. Another session also comes
 * without an end of the one before, by a sign-in in another tab.
 */
export function useAfterSignIn(run: () => void): void {
  const state = useSessionState();
  const sessionId = state.kind === 'signed-in' ? state.signedIn.sessionId : undefined;
  const heldId = useRef(sessionId);
  const again = useEffectEvent(run);
  useEffect(() => {
    if (sessionId !== undefined && sessionId !== heldId.current) again();
    heldId.current = sessionId;
  }, [sessionId]);
}
