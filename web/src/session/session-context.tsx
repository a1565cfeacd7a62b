import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useSyncExternalStore,
} from 'react';
import { CallGuardContext } from '../rpc/call-guard.ts';
import { createCallGuard } from './call-guard.ts';
import type { SessionState } from './session-state.ts';
import type { SessionStore } from './session-store.ts';
import type { SignedIn } from './signed-in.ts';

const SessionContext = createContext<SessionStore | undefined>(undefined);

/** Hands the session to all screens, and its guard to all their commands; `main` opens it once. */
export function SessionProvider({
  session,
  children,
}: {
  readonly session: SessionStore;
  readonly children: ReactNode;
}) {
  const guard = useMemo(() => createCallGuard(session), [session]);
  return (
    <SessionContext value={session}>
      <CallGuardContext value={guard}>{children}</CallGuardContext>
    </SessionContext>
  );
}

export function useSession(): SessionStore {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession needs a SessionProvider above it.');
  return session;
}

export function useSessionState(): SessionState {
  const session = useSession();
  return useSyncExternalStore(
    useCallback((listener: () => void) => session.subscribe(listener), [session]),
    () => session.getSnapshot(),
  );
}

/** Who is signed in; only for what is drawn while somebody is. */
export function useSignedIn(): SignedIn {
  const state = useSessionState();
  if (state.kind === 'signed-in' || state.kind === 'interrupted') return state.signedIn;
  throw new Error('Nobody is signed in.');
}

/** Keeps the page through an end of the session while there is unsaved work on it. */
export function useHeldWork(isHeld: boolean): void {
  const session = useSession();
  useEffect(() => (isHeld ? session.holdWork() : undefined), [isHeld, session]);
}
