import { failedPrecondition } from '../../rpc/rpc-error.ts';
import type { SessionHandlers } from './session-handlers.ts';
import type { SessionsParts } from './sessions-parts.ts';

/** The sessions of the person who calls. */
export function ownSessions(
  _parts: SessionsParts,
): SessionHandlers<'listSessions' | 'endSession' | 'endOtherSessions'> {
  return {
    listSessions: () => Promise.reject(notReady()),
    endSession: () => Promise.reject(notReady()),
    endOtherSessions: () => Promise.reject(notReady()),
  };
}

function notReady() {
  return failedPrecondition({ type: 'NOT_READY', subject: 'server', description: 'This cannot be done here yet.' });
}
