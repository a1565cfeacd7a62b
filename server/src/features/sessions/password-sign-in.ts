import { failedPrecondition } from '../../rpc/rpc-error.ts';
import type { SessionHandlers } from './session-handlers.ts';
import type { SessionsParts } from './sessions-parts.ts';

/** Sign-in with email and password. */
export function passwordSignIn(_parts: SessionsParts): SessionHandlers<'getSignInOptions' | 'signInWithPassword'> {
  return {
    getSignInOptions: () => Promise.reject(notReady()),
    signInWithPassword: () => Promise.reject(notReady()),
  };
}

function notReady() {
  return failedPrecondition({ type: 'NOT_READY', subject: 'server', description: 'This cannot be done here yet.' });
}
