import type { SessionStore } from '../session/session-store.ts';

/** Empties what outlives the console's screens whenever one person's visit ends. */
export function forgetAfterVisits(
  session: Pick<SessionStore, 'subscribe' | 'getSnapshot'>,
  stores: readonly { clear(): void }[],
): void {
  let { visit } = session.getSnapshot();
  session.subscribe(() => {
    const now = session.getSnapshot().visit;
    if (now === visit) return;
    visit = now;
    for (const store of stores) store.clear();
  });
}
