import type { Segment, Windows } from './windows.ts';

/** Rows by their places of the scrollbar, `last` excluded. */
export interface View {
  readonly first: number;
  readonly last: number;
}

/** Lets go of the rows far from the view where more than `maxRows` are loaded. What is cut off is loaded again when it comes into view. */
export function trimWindows(windows: Windows, view: View, maxRows: number): Windows {
  const loaded = windows.segments.reduce((sum, { rows }) => sum + rows.length, 0);
  if (loaded <= maxRows) return windows;
  const middle = (view.first + view.last) / 2;
  const keep = { first: Math.floor(middle - maxRows / 2), last: Math.ceil(middle + maxRows / 2) };
  return { ...windows, segments: windows.segments.flatMap((segment) => trim(segment, keep)) };
}

function trim(segment: Segment, keep: View): Segment[] {
  const first = Math.max(0, keep.first - segment.rank);
  const last = Math.min(segment.rows.length, keep.last - segment.rank);
  if (first === 0 && last === segment.rows.length) return [segment];
  const rows = segment.rows.slice(first, last);
  const [from, to] = [rows[0], rows.at(-1)];
  if (!from || !to) return [];
  const head = first === 0 ? {} : { from, rank: segment.rank + first };
  const tail = last === segment.rows.length ? {} : { to, nextPageToken: '' };
  return [{ ...segment, ...head, ...tail, rows }];
}
