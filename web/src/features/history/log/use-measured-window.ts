import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { placeSlots, type SlotWindow, windowOf } from './measured-window.ts';

/** A window on slots whose heights are measured as they are drawn. Each drawn slot carries its key as `data-slot`. */
export interface MeasuredWindow extends SlotWindow {
  readonly isAtTop: boolean;
  readonly isScrolling: boolean;
  /** Scrolls as far as it takes for a slot to be in view. */
  reveal(index: number): void;
  goToTop(): void;
}

/** Slots this far outside of the view are drawn too. */
const aroundPx = 480;
/** Scrolling has ended when nothing has moved for so long. */
const restMs = 150;

export function useMeasuredWindow(
  ref: RefObject<HTMLElement | null>,
  slots: readonly { readonly key: string; readonly estimatePx: number }[],
): MeasuredWindow {
  const heights = useRef(new Map<string, number>());
  const [measured, setMeasured] = useState(0);
  const [view, setView] = useState({ top: 0, height: 800 });
  const [isScrolling, setScrolling] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was measured lies in a ref
  const places = useMemo(
    () => placeSlots(slots.map(({ key, estimatePx }) => heights.current.get(key) ?? estimatePx)),
    [slots, measured],
  );

  useEffect(() => {
    const scroller = ref.current;
    if (!scroller) return;
    let rest: ReturnType<typeof setTimeout> | undefined;
    const look = () => setView({ top: scroller.scrollTop, height: scroller.clientHeight });
    const onScroll = () => {
      look();
      setScrolling(true);
      clearTimeout(rest);
      rest = setTimeout(() => setScrolling(false), restMs);
    };
    const resized = new ResizeObserver(look);
    resized.observe(scroller);
    scroller.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      clearTimeout(rest);
      resized.disconnect();
      scroller.removeEventListener('scroll', onScroll);
    };
  }, [ref]);

  useMeasuring(ref, heights, () => setMeasured((count) => count + 1));

  const { offsets } = places;
  return {
    ...windowOf(places, view.top, view.height, aroundPx),
    isAtTop: view.top < 4,
    isScrolling,
    reveal: useCallback(
      (index) => {
        const scroller = ref.current;
        if (!scroller) return;
        const [top, bottom] = [offsets[index] ?? 0, offsets[index + 1] ?? 0];
        // The heading of the day lies over the first entry in view.
        if (top < scroller.scrollTop + headingPx) scroller.scrollTop = top - headingPx;
        else if (bottom > scroller.scrollTop + scroller.clientHeight) {
          scroller.scrollTop = bottom - scroller.clientHeight;
        }
      },
      [ref, offsets],
    ),
    goToTop: useCallback(() => {
      if (ref.current) ref.current.scrollTop = 0;
    }, [ref]),
  };
}

/** The sticky heading of a day, as the style sheet says it. */
export const headingPx = 32;

/** Notes the height of everything that is drawn, whenever it changes. */
function useMeasuring(
  ref: RefObject<HTMLElement | null>,
  heights: RefObject<Map<string, number>>,
  onChange: () => void,
): void {
  const observer = useRef<ResizeObserver>(undefined);
  const changed = useRef(onChange);
  useEffect(() => {
    changed.current = onChange;
  });
  useEffect(() => {
    const watching = new ResizeObserver((entries) => {
      let isNew = false;
      for (const { target, borderBoxSize } of entries) {
        const key = target instanceof HTMLElement ? target.dataset['slot'] : undefined;
        const height = borderBoxSize[0]?.blockSize;
        if (key === undefined || !height || heights.current.get(key) === height) continue;
        heights.current.set(key, height);
        isNew = true;
      }
      if (isNew) changed.current();
    });
    observer.current = watching;
    for (const element of ref.current?.querySelectorAll('[data-slot]') ?? []) watching.observe(element);
    return () => watching.disconnect();
  }, [ref, heights]);
  // After each drawing, because each may bring others; observing one twice does nothing.
  useLayoutEffect(() => {
    for (const element of ref.current?.querySelectorAll('[data-slot]') ?? []) observer.current?.observe(element);
  });
}
