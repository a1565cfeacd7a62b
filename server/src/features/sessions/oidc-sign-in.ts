import { failedPrecondition } from '../../rpc/rpc-error.ts';
import type { SessionHandlers } from './session-handlers.ts';
import type { SessionsParts } from './sessions-parts.ts';

/** Sign-in at the OpenID provider of this store. */
export function oidcSignIn(_parts: SessionsParts): SessionHandlers<'beginOidcSignIn' | 'finishOidcSignIn'> {
  return {
    beginOidcSignIn: () => Promise.reject(notConfigured()),
    finishOidcSignIn: () => Promise.reject(notConfigured()),
  };
}

function notConfigured() {
  const description = 'No OpenID provider is set up here.';
  return failedPrecondition({ type: 'OIDC_NOT_CONFIGURED', subject: 'oidc', description });
}
