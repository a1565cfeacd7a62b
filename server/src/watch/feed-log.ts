import { type FeedEntry, isChange } from './feed-change.ts';

/** The newest stretch of the feed, in memory and without a gap, for all streams of this server. */
export interface FeedLog {
  /** The position of the newest entry. */
  readonly head: number;
  /** The oldest position from which `after` can go on. */
  readonly floor: number;
  /** The entry at a position, if the log still has it. */
  at(seq: number): FeedEntry | undefined;
  /** Adds what comes next; false, with nothing added, where it does not: some between are missing. */
  append(added: readonly FeedEntry[]): boolean;
  /** Lets go of everything up to a position, so that `after` can no longer start before it. */
  forget(upTo: number): void;
  /** The entries after `seq` up to `to`; undefined where the log does not reach back so far. */
  after(seq: number, to: number): readonly FeedEntry[] | undefined;
}

export function createFeedLog(head: number, limits: { readonly changes: number; readonly bytes: number }): FeedLog {
  let floor = head;
  let entries: FeedEntry[] = [];
  let bytes = 0;

  /** Cuts in slices of a quarter, so that appending stays cheap. */
  function trim(): void {
    if (entries.length <= limits.changes && bytes <= limits.bytes) return;
    const dropped = entries.slice(0, Math.max(1, entries.length >> 2));
    entries = entries.slice(dropped.length);
    bytes -= dropped.reduce((sum, entry) => sum + sizeOf(entry), 0);
    floor += dropped.length;
    trim();
  }

  return {
    get head() {
      return floor + entries.length;
    },
    get floor() {
      return floor;
    },
    at: (seq) => entries[seq - floor - 1],
    append(added) {
      const next = floor + entries.length + 1;
      if (added.some((entry, index) => entry.seq !== next + index)) return false;
      for (const entry of added) {
        entries.push(entry);
        bytes += sizeOf(entry);
      }
      trim();
      return true;
    },
    forget(upTo) {
      const dropped = entries.splice(0, Math.max(0, upTo - floor));
      bytes -= dropped.reduce((sum, entry) => sum + sizeOf(entry), 0);
      floor += dropped.length;
    },
    after(seq, to) {
      if (seq < floor) return undefined;
      return entries.slice(seq - floor, Math.max(seq, to) - floor);
    },
  };
}

/** Counts a decoded user as four times its bytes on the wire. */
function sizeOf(entry: FeedEntry): number {
  if (!isChange(entry)) return 0;
  return entry.afterBytes.length * (entry.before ? 9 : 5);
}
