import type { SessionStore } from '../session/session-store.ts';

/** Has what outlives the console's screens forgotten whenever one person's visit ends. */
export function forgetAfterVisits(session: Pick<SessionStore, 'subscribe' | 'getSnapshot'>, forget: () => void): void {
  let { visit } = session.getSnapshot();
  session.subscribe(() => {
    const now = session.getSnapshot().visit;
    if (now === visit) return;
    visit = now;
    forget();
  });
}
