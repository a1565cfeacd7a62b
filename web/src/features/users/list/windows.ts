import { comparePlaces, type Order, type OrderKey } from '@roster/proto/order';

/** Where a row stands in the order: the same for every client and the server. */
export interface Place {
  readonly id: string;
  readonly key: OrderKey;
}

/**
 * A stretch of the list that is loaded without a hole: it holds every user whose place lies between its bounds, both included.
 *
 * The bounds stay when rows come and go, because the page token reads on after `to`, whoever stands there now.
 */
export interface Segment {
  readonly from: Place | 'start';
  readonly to: Place | 'end';
  /** The place in the whole list of the first row. */
  readonly rank: number;
  readonly rows: readonly Place[];
  /** Reads on after `to`; empty where that is not known. */
  readonly nextPageToken: string;
  /** Rows may have come or gone somewhere before it unseen, so that `rank` is a guess until it is read again. */
  readonly isRankGuessed: boolean;
}

/** What is loaded of a list that is too long to hold: segments in the list's order, disjoint. */
export interface Windows {
  readonly order: Order;
  readonly segments: readonly Segment[];
}

export function emptyWindows(order: Order): Windows {
  return { order, segments: [] };
}

/** Compares a place with a segment's bound, which may lie beyond all places. */
export function compareToBound(order: Order, place: Place, bound: Place | 'start' | 'end'): number {
  if (bound === 'start') return 1;
  return bound === 'end' ? -1 : comparePlaces(order, place, bound);
}

/** Tells whether a user at this place would be a loaded row. */
export function isCovered({ order, segments }: Windows, place: Place): boolean {
  return segments.some((segment) => covers(order, segment, place));
}

function covers(order: Order, { from, to }: Segment, place: Place): boolean {
  return compareToBound(order, place, from) >= 0 && compareToBound(order, place, to) <= 0;
}

/** Adds a row where its place is loaded. With `shifts`, the rows behind it move down by one: it is new in the list, not only newly loaded. */
export function insertPlace(windows: Windows, place: Place, { shifts }: { readonly shifts: boolean }): Windows {
  const { order } = windows;
  return mapSegments(windows, (segment) => {
    if (covers(order, segment, place)) {
      const at = indexFor(order, segment.rows, place);
      return { ...segment, rows: segment.rows.toSpliced(at, 0, place) };
    }
    return shifts && liesBefore(order, place, segment) ? { ...segment, rank: segment.rank + 1 } : segment;
  });
}

/** Takes a row away that has left the list or this place of it; the rows behind it move up. */
export function removePlace(windows: Windows, place: Place): Windows {
  const { order } = windows;
  return mapSegments(windows, (segment) => {
    if (liesBefore(order, place, segment)) return { ...segment, rank: Math.max(0, segment.rank - 1) };
    const at = indexFor(order, segment.rows, place);
    return segment.rows[at]?.id === place.id ? { ...segment, rows: segment.rows.toSpliced(at, 1) } : segment;
  });
}

/** Marks the ranks as guesses where a change at an unknown place may have moved them. The list's start is certain always. */
export function guessRanks(windows: Windows): Windows {
  return mapSegments(windows, (segment) =>
    segment.from === 'start' || segment.isRankGuessed ? segment : { ...segment, isRankGuessed: true },
  );
}

/** The row at a place of the scrollbar; undefined while it is not loaded. */
export function placeAt({ segments }: Windows, index: number): Place | undefined {
  const segment = segments.find(({ rank, rows }) => index >= rank && index < rank + rows.length);
  return segment?.rows[index - segment.rank];
}

/** How many rows are loaded. */
export function countRows({ segments }: Windows): number {
  return segments.reduce((sum, { rows }) => sum + rows.length, 0);
}

/** How many rows the list has at least, as far as the loaded ones tell; `isWhole` where its end is among them and its rank is certain. */
export function knownLength({ segments }: Windows): { readonly length: number; readonly isWhole: boolean } {
  const last = segments.at(-1);
  if (!last) return { length: 0, isWhole: false };
  return { length: last.rank + last.rows.length, isWhole: last.to === 'end' && last.from === 'start' };
}

/** The first index at which a row would stand at or behind a place. */
export function indexFor(order: Order, rows: readonly Place[], place: Place): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row && comparePlaces(order, row, place) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function liesBefore(order: Order, place: Place, segment: Segment): boolean {
  return compareToBound(order, place, segment.from) < 0;
}

function mapSegments(windows: Windows, change: (segment: Segment) => Segment): Windows {
  let isChanged = false;
  const segments = windows.segments.map((segment) => {
    const changed = change(segment);
    isChanged ||= changed !== segment;
    return changed;
  });
  return isChanged ? { ...windows, segments } : windows;
}
