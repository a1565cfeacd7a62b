import { ReadCache } from '../../rpc/read-cache.tsx';
import { useSessionState } from '../../session/session-context.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { EndingDialog } from './ending-dialog.tsx';
import { SignInAgainDialog } from './sign-in-again-dialog.tsx';

/** What the session asks of its person over whatever page they are on: to stay, to confirm who they are, to sign in again. */
export function SessionDialogs() {
  const state = useSessionState();
  if (state.kind === 'interrupted') {
    return (
      <ReadCache>
        <SignInAgainDialog signedIn={state.signedIn} isStanding={state.isStanding} />
      </ReadCache>
    );
  }
  if (state.kind !== 'signed-in') return null;
  return (
    <ReadCache>
      {state.isConfirming && <ConfirmDialog signedIn={state.signedIn} />}
      {state.ending && <EndingDialog key={String(state.ending.isFinal)} ending={state.ending} />}
    </ReadCache>
  );
}
