import { comparePlaces, type Order } from '@roster/proto/order';
import { compareToBound, insertPlace, type Place, removePlace, type Segment, type Windows } from './windows.ts';

/** Where the rows of a page lie, besides what is loaded. */
export interface PageSpan {
  readonly from: Place | 'start';
  readonly to: Place | 'end';
  /** The place in the whole list of the page's first row; undefined where it follows what is before. */
  readonly rank: number | undefined;
  readonly nextPageToken: string;
}

/**
 * Adds the rows of a page: closes the gaps that it spans and places each row.
 *
 * `placed` says where a row stands among those loaded already; one that stands elsewhere moves. The page's rank is newer than what was counted, so it wins
 * over the ranks that it meets.
 */
export function layPage(
  windows: Windows,
  span: PageSpan,
  rows: readonly Place[],
  placed: (id: string) => Place | undefined,
): Windows {
  let next = spanGaps(windows, span);
  for (const row of rows) {
    const before = placed(row.id);
    if (before && comparePlaces(next.order, before, row) === 0) continue;
    if (before) next = removePlace(next, before);
    next = insertPlace(next, row, { shifts: before !== undefined });
  }
  return settleRanks(span.rank === undefined ? next : anchor(next, span, span.rank));
}

/** Makes one segment of the span and all segments that it touches. */
function spanGaps(windows: Windows, span: PageSpan): Windows {
  const { order, segments } = windows;
  const touched = segments.filter((segment) => touches(order, segment, span));
  const merged = touched.reduce<Segment>((sum, segment) => join(order, sum, segment), {
    ...span,
    rank: span.rank ?? 0,
    rows: [],
    isRankGuessed: false,
  });
  const first = touched[0];
  const rank = first ? { rank: first.rank, isRankGuessed: first.isRankGuessed } : {};
  const others = segments.filter((segment) => !touched.includes(segment));
  return { order, segments: sortByPlace(order, [...others, { ...merged, ...rank }]) };
}

function touches(order: Order, segment: Segment, span: PageSpan): boolean {
  return !isBehind(order, segment.from, span.to) && !isBehind(order, span.from, segment.to);
}

function isBehind(order: Order, from: Place | 'start', to: Place | 'end'): boolean {
  return from !== 'start' && compareToBound(order, from, to) > 0;
}

/** Joins a segment to one that it overlaps; their rows are disjoint and come in order. */
function join(order: Order, sum: Segment, segment: Segment): Segment {
  const startsEarlier =
    segment.from === 'start' || (sum.from !== 'start' && compareToBound(order, segment.from, sum.from) < 0);
  const endsLater = segment.to === 'end' || (sum.to !== 'end' && compareToBound(order, segment.to, sum.to) > 0);
  return {
    ...sum,
    from: startsEarlier ? segment.from : sum.from,
    to: endsLater ? segment.to : sum.to,
    nextPageToken: endsLater ? segment.nextPageToken : sum.nextPageToken,
    rows: [...sum.rows, ...segment.rows],
  };
}

function sortByPlace(order: Order, segments: readonly Segment[]): Segment[] {
  return [...segments].sort((a, b) => {
    if (a.from === 'start') return -1;
    return b.from === 'start' ? 1 : comparePlaces(order, a.from, b.from);
  });
}

/** Sets the rank of the segment that holds a page, so that the page's first row stands at the page's rank. */
function anchor(windows: Windows, span: PageSpan, rank: number): Windows {
  const { order } = windows;
  const { from } = span;
  const segments = windows.segments.map((segment) => {
    if (
      from !== 'start' &&
      (compareToBound(order, from, segment.from) < 0 || compareToBound(order, from, segment.to) > 0)
    ) {
      return segment;
    }
    if (from === 'start' && segment.from !== 'start') return segment;
    const before = from === 'start' ? 0 : segment.rows.filter((row) => comparePlaces(order, row, from) < 0).length;
    return { ...segment, rank: Math.max(0, rank - before), isRankGuessed: false };
  });
  return { order, segments };
}

/** Keeps the ranks in order: the start has rank 0, and no two segments lie over each other. */
export function settleRanks(windows: Windows, total?: number): Windows {
  let end = 0;
  const segments = windows.segments.map((segment) => {
    const fromEnd = segment.to === 'end' && total !== undefined ? total - segment.rows.length : segment.rank;
    const rank = segment.from === 'start' ? 0 : Math.max(end, fromEnd);
    end = rank + segment.rows.length;
    return rank === segment.rank ? segment : { ...segment, rank };
  });
  return { order: windows.order, segments };
}
