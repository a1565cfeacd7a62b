/** The few connections that a browser has for live lists. */
export interface FeedSlots {
  /** Takes a slot and returns the function that gives it back; undefined where all are taken, which asks hidden pages for theirs. */
  claim(): Promise<(() => void) | undefined>;
  /** Calls back when another page of this browser wants a slot. The returned function ends that. */
  onWanted(listener: () => void): () => void;
}

/** A browser has six connections to an origin over HTTP/1; two stay free for all other calls. */
const slotCount = 4;

/** What a page is, as far as slots go. */
export interface SlotHost {
  readonly protocol: string;
  /** Absent on origins that are not secure. */
  readonly locks: LockManager | undefined;
  openChannel(name: string): BroadcastChannel;
}

/**
 * Counts the live lists of all pages of this browser by named Web Locks, which the browser gives back by itself when a page dies.
 *
 * Over TLS one HTTP/2 connection carries them all, so there is nothing to count.
 */
export function createFeedSlots({ protocol, locks, openChannel }: SlotHost): FeedSlots {
  if (protocol === 'https:' || !locks) return { claim: async () => () => undefined, onWanted: () => () => undefined };
  const channelName = 'roster-feed-wanted';
  return {
    async claim() {
      for (let index = 0; index < slotCount; index += 1) {
        const release = await tryLock(locks, `roster-feed-${index}`);
        if (release) return release;
      }
      const channel = openChannel(channelName);
      channel.postMessage('wanted');
      channel.close();
      return undefined;
    },
    onWanted(listener) {
      const channel = openChannel(channelName);
      channel.onmessage = listener;
      return () => channel.close();
    },
  };
}

/** Holds a lock until the returned function is called; undefined where another page holds it. A browser that forbids locks is one that cannot count. */
function tryLock(locks: LockManager, name: string): Promise<(() => void) | undefined> {
  return new Promise((resolve) => {
    locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(undefined);
        return new Promise<void>((release) => resolve(() => release()));
      })
      .catch(() => resolve(() => undefined));
  });
}
