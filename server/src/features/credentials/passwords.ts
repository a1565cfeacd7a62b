import { failedPrecondition } from '../../rpc/rpc-error.ts';
import type { CredentialHandlers } from './credential-handlers.ts';
import type { CredentialsParts } from './credentials-parts.ts';

/** Passwords. */
export function passwords(_parts: CredentialsParts): CredentialHandlers<'changePassword'> {
  return {
    changePassword: () => Promise.reject(notReady()),
  };
}

function notReady() {
  return failedPrecondition({ type: 'NOT_READY', subject: 'server', description: 'This cannot be done here yet.' });
}
