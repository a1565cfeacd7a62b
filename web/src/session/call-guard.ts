import type { CallGuard } from '../rpc/call-guard.ts';
import type { SessionStore } from './session-store.ts';

/** How often one call is repeated after the person did what was asked; once for each question that there is, and once more. */
const mostRepeats = 3;

/**
 * Makes the wrapper of every call that changes something: where the session has ended it waits for the person to sign in again, where the server wants to know that it
 * is still them it waits for them to confirm it, and then repeats the call. If they decline, the call fails as it did.
 */
export function createCallGuard(store: Pick<SessionStore, 'signInAgain' | 'confirm'>): CallGuard {
  return async (run) => {
    for (let repeats = 0; ; repeats += 1) {
      try {
        return await run();
      } catch (thrown) {
        if (repeats === mostRepeats || !(await isSettled(store, thrown))) throw thrown;
      }
    }
  };
}

function isSettled(store: Pick<SessionStore, 'signInAgain' | 'confirm'>, thrown: unknown): Promise<boolean> | false {
  const kind = typeof thrown === 'object' && thrown !== null && 'kind' in thrown ? thrown.kind : undefined;
  if (kind === 'signed-out') return store.signInAgain();
  return kind === 'unconfirmed' && store.confirm();
}
