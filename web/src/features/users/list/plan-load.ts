import type { View } from './trim-windows.ts';
import { type Place, placeAt, type Segment, type Windows } from './windows.ts';

/** A page to read: the one that follows a segment's end, or the one at a place of the scrollbar. */
export type LoadPlan =
  | { readonly kind: 'after'; readonly token: string; readonly from: Place }
  /** `shownAt` is the same place on a screen that is held still, where arrivals are not yet counted. */
  | { readonly kind: 'skip'; readonly skip: number; readonly shownAt: number };

/** Rows beyond the view that are loaded ahead, so that scrolling finds them. */
const aheadRows = 60;

/**
 * Says which page to read next so that the view and its surroundings are loaded; undefined where they are.
 *
 * `canFollow` tells whether a page may be read on from a place: it must be loaded, not only shown.
 */
export function planLoad(
  windows: Windows,
  view: View,
  rowCount: number,
  pageSize: number,
  canFollow: (place: Place) => boolean = () => true,
): LoadPlan | undefined {
  const missing = firstMissing(windows, view, rowCount);
  if (missing === undefined) return undefined;
  const before = windows.segments.find((segment) => endOf(segment) === missing);
  if (before?.nextPageToken && before.to !== 'end' && canFollow(before.to)) {
    return { kind: 'after', token: before.nextPageToken, from: before.to };
  }
  // One row more than is missing, so that the page meets the rows beside it and all are known to be one stretch.
  if (before) return skipTo(missing - 1);
  const behind = windows.segments.find(({ rank, rows }) => rank > missing && rows.length > 0);
  const isNear = behind && behind.rank - missing < pageSize;
  return skipTo(isNear ? behind.rank - pageSize + 1 : missing);
}

export function skipTo(index: number): LoadPlan & { readonly kind: 'skip' } {
  const skip = Math.max(0, index);
  return { kind: 'skip', skip, shownAt: skip };
}

/** What is in view comes first, then what is below it, then what is above. */
function firstMissing(windows: Windows, view: View, rowCount: number): number | undefined {
  const last = Math.min(view.last, rowCount);
  const inView = scan(windows, Math.min(view.first, last), last);
  if (inView !== undefined) return inView;
  const below = scan(windows, last, Math.min(last + aheadRows, rowCount));
  if (below !== undefined) return below;
  return scan(windows, Math.max(0, view.first - aheadRows), Math.min(view.first, rowCount));
}

function scan(windows: Windows, first: number, last: number): number | undefined {
  for (let index = first; index < last; index += 1) {
    if (!placeAt(windows, index) || isSeam(windows, index)) return index;
  }
  return undefined;
}

/** Two segments that meet by their ranks, though it is not known that nobody stands between them. */
function isSeam({ segments }: Windows, index: number): boolean {
  const at = segments.findIndex(({ rank }) => rank === index);
  const before = segments[at - 1];
  return before !== undefined && endOf(before) === index;
}

function endOf({ rank, rows }: Segment): number {
  return rank + rows.length;
}
