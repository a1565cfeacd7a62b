import type { FeedChange } from './feed-change.ts';

/** The newest stretch of the feed, in memory and without a gap, for all streams of this server. */
export interface FeedLog {
  /** The position of the newest change. */
  readonly head: number;
  /** The oldest position from which `after` can go on. */
  readonly floor: number;
  /** The change at a position, if the log still has it. */
  at(seq: number): FeedChange | undefined;
  /** Adds what comes next; false, with nothing added, where it does not: changes between are missing. */
  append(changes: readonly FeedChange[]): boolean;
  /** The changes after `seq` up to `to`; undefined where the log does not reach back so far. */
  after(seq: number, to: number): readonly FeedChange[] | undefined;
}

export function createFeedLog(head: number, limits: { readonly changes: number; readonly bytes: number }): FeedLog {
  let floor = head;
  let entries: FeedChange[] = [];
  let bytes = 0;

  /** Cuts in slices of a quarter, so that appending stays cheap. */
  function trim(): void {
    if (entries.length <= limits.changes && bytes <= limits.bytes) return;
    const dropped = entries.slice(0, Math.max(1, entries.length >> 2));
    entries = entries.slice(dropped.length);
    bytes -= dropped.reduce((sum, change) => sum + sizeOf(change), 0);
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
    append(changes) {
      const next = floor + entries.length + 1;
      if (changes.some((change, index) => change.seq !== next + index)) return false;
      for (const change of changes) {
        entries.push(change);
        bytes += sizeOf(change);
      }
      trim();
      return true;
    },
    after(seq, to) {
      if (seq < floor) return undefined;
      return entries.slice(seq - floor, Math.max(seq, to) - floor);
    },
  };
}

/** Counts a decoded user as four times its bytes on the wire. */
function sizeOf(change: FeedChange): number {
  return change.afterBytes.length * (change.before ? 9 : 5);
}
