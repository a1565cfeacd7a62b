import type { FeedSlots } from '../lib/feed-slots.ts';
import type { PageSignals } from '../lib/page-signals.ts';
import type { Scheduler } from '../lib/scheduler.ts';

/** Whether somebody may be looking. A page that nobody sees lets its feed go: browsers have few connections, and a frozen tab would hold one unread. */
export interface Presence {
  isPresent(): boolean;
  /** Settles at once while somebody may be looking, else when somebody is back. */
  whenPresent(): Promise<void>;
  stop(): void;
}

/** How long a hidden page keeps its feed. */
export const hiddenPatienceMs = 60_000;

/** `onAway` is called when the feed is to be let go: a hidden page does so after its patience, or at once when another page has none. */
export function watchPresence(page: PageSignals, scheduler: Scheduler, slots: FeedSlots, onAway: () => void): Presence {
  let isPresent = true;
  let back = Promise.withResolvers<void>();
  let cancel = page.isVisible() ? undefined : scheduler.after(hiddenPatienceMs, goAway);

  function goAway(): void {
    cancel?.();
    if (!isPresent) return;
    isPresent = false;
    back = Promise.withResolvers<void>();
    onAway();
  }

  function comeBack(): void {
    cancel?.();
    isPresent = true;
    back.resolve();
  }

  const unsubscribe = page.subscribe((signal) => {
    if (signal === 'leave') goAway();
    else if (signal === 'visible' || signal === 'return') comeBack();
    else if (signal === 'hidden') {
      cancel?.();
      cancel = scheduler.after(hiddenPatienceMs, goAway);
    }
  });

  const unwant = slots.onWanted(() => {
    if (!page.isVisible()) goAway();
  });

  return {
    isPresent: () => isPresent,
    whenPresent: () => (isPresent ? Promise.resolve() : back.promise),
    stop() {
      cancel?.();
      unsubscribe();
      unwant();
      back.resolve();
    },
  };
}
