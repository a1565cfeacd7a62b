import { failedPrecondition } from '../../rpc/rpc-error.ts';
import type { CredentialHandlers } from './credential-handlers.ts';
import type { CredentialsParts } from './credentials-parts.ts';

/** The passkeys of the person who calls. */
export function passkeys(
  _parts: CredentialsParts,
): CredentialHandlers<
  'beginPasskeyRegistration' | 'finishPasskeyRegistration' | 'listPasskeys' | 'renamePasskey' | 'deletePasskey'
> {
  return {
    beginPasskeyRegistration: () => Promise.reject(notReady()),
    finishPasskeyRegistration: () => Promise.reject(notReady()),
    listPasskeys: () => Promise.reject(notReady()),
    renamePasskey: () => Promise.reject(notReady()),
    deletePasskey: () => Promise.reject(notReady()),
  };
}

function notReady() {
  return failedPrecondition({ type: 'NOT_READY', subject: 'server', description: 'This cannot be done here yet.' });
}
