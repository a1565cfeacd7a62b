import { createFeedSlots } from '../lib/feed-slots.ts';
import { createPageSignals } from '../lib/page-signals.ts';
import { createScheduler } from '../lib/scheduler.ts';
import type { LiveHost } from './live-feed.ts';

/** The page of this window, for its live lists. */
export function createLiveHost(): LiveHost {
  const openChannel = (name: string) => new BroadcastChannel(name);
  const slots = createFeedSlots({ protocol: location.protocol, locks: navigator.locks, openChannel });
  return { scheduler: createScheduler(), page: createPageSignals(window), slots, random: Math.random };
}
