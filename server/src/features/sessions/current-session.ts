import { failedPrecondition } from '../../rpc/rpc-error.ts';
import type { SessionHandlers } from './session-handlers.ts';
import type { SessionsParts } from './sessions-parts.ts';

/** What concerns the session that calls. */
export function currentSession(_parts: SessionsParts): SessionHandlers<'getSession' | 'confirmIdentity' | 'signOut'> {
  return {
    getSession: () => Promise.reject(notReady()),
    confirmIdentity: () => Promise.reject(notReady()),
    signOut: () => Promise.reject(notReady()),
  };
}

function notReady() {
  return failedPrecondition({ type: 'NOT_READY', subject: 'server', description: 'This cannot be done here yet.' });
}
