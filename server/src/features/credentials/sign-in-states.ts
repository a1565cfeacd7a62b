import { failedPrecondition } from '../../rpc/rpc-error.ts';
import type { CredentialHandlers } from './credential-handlers.ts';
import type { CredentialsParts } from './credentials-parts.ts';

/** How people sign in. */
export function signInStates(_parts: CredentialsParts): CredentialHandlers<'batchGetSignInStates'> {
  return {
    batchGetSignInStates: () => Promise.reject(notReady()),
  };
}

function notReady() {
  return failedPrecondition({ type: 'NOT_READY', subject: 'server', description: 'This cannot be done here yet.' });
}
