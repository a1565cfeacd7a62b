import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import {
  follow,
  moveTo,
  offsetToReveal,
  type Position,
  rowsInView,
  settle,
  type Track,
  trackHeight,
} from './row-window.ts';

const overscanRows = 8;
/** Scrolling rests when nothing has moved for so long. */
const restMs = 150;

export interface RowWindow {
  /** The rows to draw, `last` excluded. */
  readonly first: number;
  readonly last: number;
  /** Added to a row's place in the list to get its place on the track. */
  readonly shift: number;
  readonly trackHeight: number;
  readonly isScrolling: boolean;
  /** The first row is in view. */
  readonly isAtTop: boolean;
  /** How many rows fit wholly into the view. */
  readonly pageRows: number;
  reveal(index: number): void;
  goTo(index: number): void;
}

/** Ties the arithmetic of `row-window.ts` to a scrolling element whose head of `headHeight` stays at its top. */
export function useRowWindow(
  scrollerRef: RefObject<HTMLElement | null>,
  {
    rowCount,
    rowHeight,
    headHeight,
  }: { readonly rowCount: number; readonly rowHeight: number; readonly headHeight: number },
): RowWindow {
  const [viewHeight, setViewHeight] = useState(() => Math.max(0, window.innerHeight - headHeight));
  const [position, setPosition] = useState<Position>({ scroll: 0, offset: 0 });
  const [isScrolling, setScrolling] = useState(false);
  const track = useMemo<Track>(() => ({ rowCount, rowHeight, viewHeight }), [rowCount, rowHeight, viewHeight]);
  const current = useRef({ track, position });
  current.current.track = track;

  const put = useCallback(
    (next: Position) => {
      current.current.position = next;
      setPosition(next);
      const scroller = scrollerRef.current;
      if (scroller && Math.abs(scroller.scrollTop - next.scroll) >= 1) scroller.scrollTop = next.scroll;
    },
    [scrollerRef],
  );

  useLayoutEffect(() => {
    const scroller = scrollerRef.current;
    if (!scroller) return;
    const observer = new ResizeObserver(() => setViewHeight(Math.max(0, scroller.clientHeight - headHeight)));
    observer.observe(scroller);
    return () => observer.disconnect();
  }, [scrollerRef, headHeight]);

  useEffect(() => {
    const scroller = scrollerRef.current;
    if (!scroller) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onScroll = () => {
      const { track: now, position: before } = current.current;
      // Sideways, or the echo of our own move.
      if (Math.abs(scroller.scrollTop - before.scroll) < 1) return;
      const next = follow(before, scroller.scrollTop, now);
      current.current.position = next;
      setPosition(next);
      setScrolling(true);
      clearTimeout(timer);
      timer = setTimeout(() => {
        setScrolling(false);
        put(settle(current.current.position, current.current.track));
      }, restMs);
    };
    scroller.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      clearTimeout(timer);
      scroller.removeEventListener('scroll', onScroll);
    };
  }, [scrollerRef, put]);

  // Another height of rows or fewer of them: the same row stays on top, as far as the list reaches.
  const rowHeightBefore = useRef(rowHeight);
  useLayoutEffect(() => {
    const { position: before } = current.current;
    const offset = (before.offset / rowHeightBefore.current) * rowHeight;
    rowHeightBefore.current = rowHeight;
    const next = settle({ ...before, offset }, track);
    if (next.offset !== before.offset) put(next);
  }, [track, rowHeight, put]);

  const reveal = useCallback(
    (index: number) => {
      const { track: now, position: before } = current.current;
      put(moveTo(before, offsetToReveal(index, before, now), now));
    },
    [put],
  );
  const goTo = useCallback(
    (index: number) =>
      put(moveTo(current.current.position, index * current.current.track.rowHeight, current.current.track)),
    [put],
  );

  return {
    ...rowsInView(position, track, overscanRows),
    shift: Math.round(position.scroll - position.offset),
    trackHeight: trackHeight(track),
    isScrolling,
    isAtTop: position.offset < rowHeight,
    pageRows: Math.max(1, Math.floor(viewHeight / rowHeight)),
    reveal,
    goTo,
  };
}
