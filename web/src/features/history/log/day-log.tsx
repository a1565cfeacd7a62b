import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useNow } from '../../../lib/clock.ts';
import { useRecent } from '../../../lib/use-recent.ts';
import styles from './day-log.module.css';
import { type DaySlot, toDaySlots } from './day-slots.ts';
import { headingPx, useMeasuredWindow } from './use-measured-window.ts';

export interface DayLogHandle {
  goToTop(): void;
  focus(): void;
}

/** What an entry is drawn with: the attributes of the button that unfolds it, by which the keys find it. */
export interface EntryFrame {
  readonly button: { readonly 'data-entry': string; readonly tabIndex: 0 | -1 };
  readonly position: { readonly 'aria-posinset': number; readonly 'aria-setsize': number };
}

export interface DayLogProps<Entry> {
  readonly label: string;
  readonly entries: readonly Entry[];
  readonly keyOf: (entry: Entry) => string;
  /** Epoch milliseconds. */
  readonly atOf: (entry: Entry) => number;
  readonly renderEntry: (entry: Entry, frame: EntryFrame) => ReactNode;
  /** What stands below the last entry. */
  readonly end: ReactNode;
  readonly hasMore: boolean;
  readonly isDimmed?: boolean;
  readonly isBusy?: boolean;
  /** The end has come near. */
  readonly onMore: () => void;
  /** Somebody reads, or has stopped to: what is shown must not move meanwhile. */
  readonly onReading?: (isReading: boolean) => void;
  readonly ref?: Ref<DayLogHandle>;
}

/** An entry is as high as this until it was measured. */
const entryPx = 40;
/** The log may move again when neither pointer nor keys have moved in it for so long. */
const restMs = 1500;

/** Entries under their days, the newest first, of any length; by pointer or by keyboard alone. */
export function DayLog<Entry>(props: DayLogProps<Entry>) {
  const { label, entries, keyOf, atOf, renderEntry, end, hasMore, isDimmed, isBusy, onMore, onReading, ref } = props;
  const scrollerRef = useRef<HTMLDivElement>(null);
  const now = useNow(60_000);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the two functions read an entry, whatever the drawing
  const slots = useMemo(() => toDaySlots(entries, { keyOf, atOf }, now), [entries, now]);
  const sized = useMemo(
    () => slots.map(({ key, kind }) => ({ key, estimatePx: kind === 'day' ? headingPx : entryPx })),
    [slots],
  );
  const view = useMeasuredWindow(scrollerRef, sized);
  const [activeKey, setActiveKey] = useState<string>();
  const [isInHand, touch] = useRecent(restMs);
  const [hasFocus, setFocus] = useState(false);
  const isReading = view.isScrolling || isInHand || hasFocus || !view.isAtTop;
  useEffect(() => onReading?.(isReading), [isReading, onReading]);
  useEffect(() => {
    if (hasMore && view.last >= slots.length - 10) onMore();
  }, [hasMore, view.last, slots.length, onMore]);
  const goTo = useFocusedEntry(scrollerRef);
  useImperativeHandle(ref, () => ({ goToTop: view.goToTop, focus: () => scrollerRef.current?.focus() }), [
    view.goToTop,
  ]);

  const drawn = slots.slice(view.first, view.last);
  const isActiveDrawn = drawn.some(({ key }) => key === activeKey);
  const tabKey = isActiveDrawn ? activeKey : drawn.find(({ kind }) => kind === 'entry')?.key;

  function onKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = event.target instanceof Element ? event.target : undefined;
    // The log itself has the focus while the entry that is to get it is not drawn yet.
    const key = target === scrollerRef.current ? activeKey : target?.getAttribute('data-entry');
    if (key === null || key === undefined) return;
    const at = slots.findIndex((slot) => slot.kind === 'entry' && slot.key === key);
    const next = moveByKey(event.key, slots, at);
    if (next === undefined) return;
    event.preventDefault();
    touch();
    view.reveal(next.at);
    setActiveKey(next.key);
    goTo(next.key);
  }

  return (
    <section
      ref={scrollerRef}
      aria-label={label}
      aria-busy={isBusy || undefined}
      tabIndex={-1}
      data-dim={isDimmed || undefined}
      className={styles.log}
      onKeyDown={onKeyDown}
      onPointerMove={touch}
      onFocus={(event) => {
        setFocus(true);
        const key = event.target.getAttribute('data-entry');
        if (key !== null) setActiveKey(key);
      }}
      onBlur={(event) => setFocus(event.currentTarget.contains(event.relatedTarget))}
    >
      <div style={{ height: spaceAbove(drawn, view.above) }} />
      {groupByDay(drawn).map(({ key, words, group }) => (
        <div key={key} className={styles.day}>
          <h2 className={styles.heading} data-slot={group[0]?.kind === 'day' ? group[0].key : undefined}>
            {words}
          </h2>
          {group.map((slot) =>
            slot.kind === 'entry' ? (
              <div key={slot.key} data-slot={slot.key} className={styles.slot}>
                {renderEntry(slot.entry, {
                  button: { 'data-entry': slot.key, tabIndex: slot.key === tabKey ? 0 : -1 },
                  position: { 'aria-posinset': slot.index + 1, 'aria-setsize': hasMore ? -1 : entries.length },
                })}
              </div>
            ) : null,
          )}
        </div>
      ))}
      <div style={{ height: view.below }} />
      {end}
    </section>
  );
}

/** The first day's heading is drawn though it may lie above the window; it takes its height from the space there. */
function spaceAbove(drawn: readonly DaySlot<unknown>[], above: number): number {
  return drawn[0]?.kind === 'entry' ? Math.max(0, above - headingPx) : above;
}

interface DayGroup<Entry> {
  readonly key: string;
  readonly words: string;
  readonly group: readonly DaySlot<Entry>[];
}

function groupByDay<Entry>(slots: readonly DaySlot<Entry>[]): readonly DayGroup<Entry>[] {
  const groups: { key: string; words: string; group: DaySlot<Entry>[] }[] = [];
  for (const slot of slots) {
    const last = groups.at(-1);
    if (last && slot.kind === 'entry') last.group.push(slot);
    else groups.push({ key: slot.kind === 'day' ? slot.key : slot.dayKey, words: slot.day.words, group: [slot] });
  }
  return groups;
}

/** Where a key leads from an entry: to the next, the one before, the first or the last. */
function moveByKey(key: string, slots: readonly DaySlot<unknown>[], from: number) {
  const entries = slots.flatMap((slot, at) => (slot.kind === 'entry' ? [{ at, key: slot.key }] : []));
  const here = entries.findIndex(({ at }) => at === from);
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return entries[here + 1];
    case 'ArrowUp':
    case 'k':
      return here > 0 ? entries[here - 1] : undefined;
    case 'Home':
      return entries[0];
    case 'End':
      return entries.at(-1);
    default:
      return undefined;
  }
}

/** Gives the focus to an entry as soon as it is drawn; until then the log keeps it, so that no key is lost. */
function useFocusedEntry(scroller: { readonly current: HTMLElement | null }): (key: string) => void {
  const wanted = useRef<string>(undefined);
  const focus = () => {
    const key = wanted.current;
    if (key === undefined) return;
    const button = scroller.current?.querySelector<HTMLElement>(`[data-entry="${CSS.escape(key)}"]`);
    if (!button) return;
    wanted.current = undefined;
    button.focus({ preventScroll: true });
  };
  useEffect(focus);
  return (key) => {
    wanted.current = key;
    focus();
    if (wanted.current !== undefined) scroller.current?.focus({ preventScroll: true });
  };
}
