import { type SessionState, warningMs } from './session-state.ts';
import { endOf } from './signed-in.ts';

/** While the end is near, other tabs may put it off: the server is asked so often. */
const endingCheckMs = 20_000;

/** When the server is asked next who is signed in; undefined for not by itself. */
export function nextCheckAt(state: SessionState, now: number, retryMs: number): number | undefined {
  switch (state.kind) {
    case 'failed':
      return state.retryAt;
    case 'signed-in': {
      if (state.isHidden) return state.failure?.retryAt ?? now + 1000;
      const { at } = endOf(state.signedIn);
      // A moment behind the end, when the server says it too.
      if (state.ending) return Math.min(Math.max(at + 250, now + 1000), now + endingCheckMs);
      return Math.max(at - warningMs, now + Math.max(1000, retryMs));
    }
    case 'opening':
    case 'signed-out':
    case 'interrupted':
      return undefined;
  }
}
