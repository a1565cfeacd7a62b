/**
 * Browsers stop laying out below some height: Chromium at 33.5 million pixels, Firefox at 17.8 million. A longer list lies on a track of this height.
 * Small enough that every position is a whole number in single precision, too.
 */
export const trackLimitPx = 8_000_000;

/** Steps up to this long move the rows by as much as the scrollbar; a longer one is a jump of its thumb. */
const stepLimitPx = 4000;

/** What is scrolled: rows of one height in a view of another. */
export interface Track {
  readonly rowCount: number;
  readonly rowHeight: number;
  readonly viewHeight: number;
}

/**
 * Where a list is scrolled to.
 *
 * `scroll` is the element's own `scrollTop`; `offset` is how far down the rows are. They are the same while the list fits on its track.
 */
export interface Position {
  readonly scroll: number;
  readonly offset: number;
}

export function trackHeight({ rowCount, rowHeight }: Track): number {
  return Math.min(rowCount * rowHeight, trackLimitPx);
}

function ranges(track: Track): { readonly scrollEnd: number; readonly offsetEnd: number } {
  return {
    scrollEnd: Math.max(0, trackHeight(track) - track.viewHeight),
    offsetEnd: Math.max(0, track.rowCount * track.rowHeight - track.viewHeight),
  };
}

/**
 * The place of the rows that belongs to a place of the scrollbar.
 *
 * The first and last quarter run one to one, so that either end is reached exactly; the middle makes up for the rest.
 */
export function offsetFor(scroll: number, track: Track): number {
  const { scrollEnd, offsetEnd } = ranges(track);
  const edge = scrollEnd / 4;
  if (scroll <= edge) return Math.max(0, scroll);
  if (scroll >= scrollEnd - edge) return Math.max(0, offsetEnd - Math.max(0, scrollEnd - scroll));
  return edge + ((scroll - edge) * (offsetEnd - 2 * edge)) / (scrollEnd - 2 * edge);
}

/** The inverse of `offsetFor`. */
export function scrollFor(offset: number, track: Track): number {
  const { scrollEnd, offsetEnd } = ranges(track);
  const edge = scrollEnd / 4;
  if (offset <= edge) return Math.max(0, offset);
  if (offset >= offsetEnd - edge) return Math.max(0, scrollEnd - Math.max(0, offsetEnd - offset));
  return edge + ((offset - edge) * (scrollEnd - 2 * edge)) / (offsetEnd - 2 * edge);
}

/** Follows the scrollbar: a wheel's step moves the rows by exactly that step, a jump of the thumb goes to its place. */
export function follow(before: Position, scroll: number, track: Track): Position {
  const { scrollEnd, offsetEnd } = ranges(track);
  const step = scroll - before.scroll;
  if (scroll <= 0) return { scroll, offset: 0 };
  if (scroll >= scrollEnd - 1) return { scroll, offset: offsetEnd };
  if (Math.abs(step) > stepLimitPx) return { scroll, offset: offsetFor(scroll, track) };
  return { scroll, offset: Math.min(offsetEnd, Math.max(0, before.offset + step)) };
}

/** Goes to a place of the rows; short ways keep the scrollbar's drift, so that nothing but the rows seems to move. */
export function moveTo(before: Position, offset: number, track: Track): Position {
  const { scrollEnd, offsetEnd } = ranges(track);
  const target = Math.min(offsetEnd, Math.max(0, offset));
  const step = target - before.offset;
  const near = before.scroll + step;
  const isNear = Math.abs(step) <= stepLimitPx && near > 0 && near < scrollEnd - 1;
  return { offset: target, scroll: isNear ? near : scrollFor(target, track) };
}

/** Puts the scrollbar where the rows are, once scrolling rests. */
export function settle(position: Position, track: Track): Position {
  const { offsetEnd } = ranges(track);
  const offset = Math.min(position.offset, offsetEnd);
  return { offset, scroll: scrollFor(offset, track) };
}

/** The rows in view, `last` excluded, with some more on either side so that scrolling finds them drawn. */
export function rowsInView(
  position: Position,
  track: Track,
  overscan: number,
): { readonly first: number; readonly last: number } {
  const first = Math.floor(position.offset / track.rowHeight) - overscan;
  const last = Math.ceil((position.offset + track.viewHeight) / track.rowHeight) + overscan;
  return { first: Math.max(0, Math.min(first, track.rowCount)), last: Math.max(0, Math.min(last, track.rowCount)) };
}

/** The nearest place of the rows at which a row is wholly in view. */
export function offsetToReveal(index: number, position: Position, track: Track): number {
  const top = index * track.rowHeight;
  const bottom = top + track.rowHeight;
  if (top < position.offset) return top;
  return bottom > position.offset + track.viewHeight ? bottom - track.viewHeight : position.offset;
}
