import type { CallObserver } from '../rpc/call-observer.ts';
import { readStatusDetails } from '../rpc/status-details.ts';
import type { SessionStore } from './session-store.ts';

/** What a refusal says that concerns the page as a whole, and not only who called. */
const staleRights = new Set(['RIGHTS_CHANGED', 'ROLE_TOO_LOW', 'TARGET_ABOVE_ROLE', 'ROLE_ABOVE_OWN']);

/** Notices in the ends of all calls, feeds too, that nobody is signed in any more, or that the person's rights are others than the page knows. */
export function createSessionObserver(store: Pick<SessionStore, 'doubt'>): CallObserver {
  return ({ method }) => {
    if (method.name === 'GetSession') return undefined;
    return {
      opened: () => undefined,
      arrived: () => undefined,
      ended({ code, metadata }) {
        if (code !== 'UNAUTHENTICATED' && code !== 'PERMISSION_DENIED') return;
        const reason = readStatusDetails(metadata).errorInfo?.reason ?? '';
        if (code === 'UNAUTHENTICATED' ? reason === 'NOT_SIGNED_IN' : staleRights.has(reason)) store.doubt();
      },
    };
  };
}
