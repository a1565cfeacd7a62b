import type { Decoded } from './decode.ts';
import type { RowMark } from './sink-protocol.ts';

/** What one watcher holds, by the client's rule: a row applies if its revision is higher than the one held. */
export interface Watcher {
  readonly filter: string;
  resumeToken: string;
  apply(message: Decoded): void;
  /** Holds nothing any more and begins with a list. */
  forget(): void;
  holds(row: RowMark): boolean;
  readonly size: number;
}

/** Counts for all watchers of the process together. */
export interface Tally {
  bytes: number;
  rows: number;
  messages: number;
  /** By whole milliseconds. */
  readonly latencies: Map<number, number>;
}

/** The rows that were held from the start are one map for all watchers; each keeps only what differs from it. */
export function createWatcher(
  held: ReadonlyMap<string, RowMark>,
  options: { readonly filter: string; readonly resumeToken: string },
  tally: Tally,
): Watcher {
  let base = held;
  const rows = new Map<string, RowMark | undefined>();
  const find = (id: string) => (rows.has(id) ? rows.get(id) : base.get(id));
  return {
    filter: options.filter,
    resumeToken: options.resumeToken,
    apply(message) {
      tally.messages += 1;
      if (message.isList) {
        base = new Map();
        rows.clear();
      }
      for (const row of message.rows) {
        tally.rows += 1;
        note(tally, row.name);
        if (row.revision > (find(row.id)?.revision ?? 0)) rows.set(row.id, row);
      }
      for (const id of message.removed) rows.set(id, undefined);
      if (message.resumeToken !== undefined) this.resumeToken = message.resumeToken;
    },
    forget() {
      base = new Map();
      rows.clear();
      this.resumeToken = '';
    },
    holds(row) {
      const found = find(row.id);
      return found?.revision === row.revision && found.name === row.name;
    },
    get size() {
      const added = [...rows].filter(([id, row]) => row !== undefined && !base.has(id)).length;
      const removed = [...rows].filter(([id, row]) => row === undefined && base.has(id)).length;
      return base.size + added - removed;
    },
  };
}

/** A name that ends in `@` and epoch milliseconds tells when its change set out. */
function note(tally: Tally, name: string): void {
  const at = name.lastIndexOf('@');
  if (at < 0) return;
  const ms = Math.max(0, Date.now() - Number(name.slice(at + 1)));
  tally.latencies.set(ms, (tally.latencies.get(ms) ?? 0) + 1);
}

export function latencyOf({ latencies }: Tally, share: number): number {
  const sorted = [...latencies].sort(([a], [b]) => a - b);
  let left = sorted.reduce((sum, [, count]) => sum + count, 0) * share;
  for (const [ms, count] of sorted) {
    left -= count;
    if (left <= 0) return ms;
  }
  return Number.NaN;
}
