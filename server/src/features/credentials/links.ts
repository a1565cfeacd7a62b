import { failedPrecondition } from '../../rpc/rpc-error.ts';
import type { CredentialHandlers } from './credential-handlers.ts';
import type { CredentialsParts } from './credentials-parts.ts';

/** One-time links. */
export function links(
  _parts: CredentialsParts,
): CredentialHandlers<'openLink' | 'acceptLink' | 'createLink' | 'requestPasswordReset'> {
  return {
    openLink: () => Promise.reject(notReady()),
    acceptLink: () => Promise.reject(notReady()),
    createLink: () => Promise.reject(notReady()),
    requestPasswordReset: () => Promise.reject(notReady()),
  };
}

function notReady() {
  return failedPrecondition({ type: 'NOT_READY', subject: 'server', description: 'This cannot be done here yet.' });
}
