import { type Bitmap, clearBit, createBitmap, lengthen, setBit } from './bitmap.ts';

/** Whole milliseconds, both ends included. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

export const everSpan: TimeSpan = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/** For stretches of time, which slots' spans meet them, and which of those must still be compared. */
export interface TimeBuckets {
  add(slot: number, span: TimeSpan): void;
  remove(slot: number): void;
  at(ms: number): { readonly possible: Bitmap; readonly unsure: Bitmap };
  lengthen(words: number): void;
}

const bucketsMax = 128;

/** The limits of the buckets are quantiles of the spans' ends, drawn anew whenever the spans have doubled. */
export function createTimeBuckets(words: number): TimeBuckets {
  const spans = new Map<number, TimeSpan>();
  let length = words;
  let limits: readonly number[] = [];
  let buckets = [createBucket()];
  let redrawAt = 8;
  let bounded = 0;

  function createBucket() {
    return { possible: createBitmap(length), unsure: createBitmap(length) };
  }

  function indexOf(ms: number): number {
    let [low, high] = [0, limits.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((limits[middle] ?? 0) <= ms) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function place(slot: number, { from, to }: TimeSpan): void {
    const last = indexOf(to);
    for (let index = indexOf(from); index <= last; index += 1) {
      const bucket = buckets[index];
      if (!bucket) continue;
      setBit(bucket.possible, slot);
      const isWhole = (index === 0 ? from === everSpan.from : from <= (limits[index - 1] ?? 0)) && coversEnd(to, index);
      if (!isWhole) setBit(bucket.unsure, slot);
    }
  }

  function coversEnd(to: number, index: number): boolean {
    const end = limits[index];
    return end === undefined ? to === everSpan.to : end - 1 <= to;
  }

  function redraw(): void {
    const ends = [...spans.values()].flatMap(({ from, to }) => [from, to + 1]).filter(Number.isFinite);
    const sorted = [...new Set(ends)].sort((a, b) => a - b);
    const step = Math.max(1, sorted.length / (bucketsMax - 1));
    limits = Array.from({ length: Math.floor(sorted.length / step) }, (_, at) => sorted[Math.floor(at * step)] ?? 0);
    buckets = Array.from({ length: limits.length + 1 }, createBucket);
    for (const [slot, span] of spans) place(slot, span);
    redrawAt = Math.max(8, bounded * 2);
  }

  return {
    add(slot, span) {
      spans.set(slot, span);
      if (span !== everSpan) bounded += 1;
      if (bounded >= redrawAt) redraw();
      else place(slot, span);
    },
    remove(slot) {
      if (spans.get(slot) !== everSpan) bounded -= 1;
      spans.delete(slot);
      for (const { possible, unsure } of buckets) {
        clearBit(possible, slot);
        clearBit(unsure, slot);
      }
    },
    at: (ms) => buckets[indexOf(ms)] ?? createBucket(),
    lengthen(to) {
      length = to;
      for (const { possible, unsure } of buckets) {
        lengthen(possible, to);
        lengthen(unsure, to);
      }
    },
  };
}
