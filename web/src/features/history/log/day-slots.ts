/** What stands in a list that is grouped by day: a day's heading, or one of its entries. */
export type DaySlot<Entry> =
  | { readonly kind: 'day'; readonly key: string; readonly day: Day }
  | {
      readonly kind: 'entry';
      readonly key: string;
      /** The day that it stands under, as the key of that slot. */
      readonly dayKey: string;
      readonly day: Day;
      readonly index: number;
      readonly entry: Entry;
    };

/** A local day. */
export interface Day {
  readonly key: string;
  readonly words: string;
}

const long = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long' });
const longOtherYear = new Intl.DateTimeFormat('en', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});

/** Puts a heading before the first entry of each day. Neighbours of one day share it, also where a late one stands between those of another. */
export function toDaySlots<Entry>(
  entries: readonly Entry[],
  read: { keyOf(entry: Entry): string; atOf(entry: Entry): number },
  now: number,
): readonly DaySlot<Entry>[] {
  const slots: DaySlot<Entry>[] = [];
  const times = new Map<string, number>();
  let last: Day | undefined;
  let dayKey = '';
  entries.forEach((entry, index) => {
    const day = dayOf(read.atOf(entry), now);
    if (day.key !== last?.key) {
      const nth = (times.get(day.key) ?? 0) + 1;
      times.set(day.key, nth);
      // The same whatever comes before or after it, so that what is drawn of a day stays.
      dayKey = `day ${day.key} ${nth}`;
      slots.push({ kind: 'day', key: dayKey, day });
    }
    last = day;
    slots.push({ kind: 'entry', key: read.keyOf(entry), dayKey, day, index, entry });
  });
  return slots;
}

export function dayOf(at: number, now: number): Day {
  const date = new Date(at);
  const today = new Date(now);
  const key = `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
  const daysAgo = Math.round((startOf(today) - startOf(date)) / (24 * 60 * 60_000));
  if (daysAgo === 0) return { key, words: 'Today' };
  if (daysAgo === 1) return { key, words: 'Yesterday' };
  return { key, words: (date.getFullYear() === today.getFullYear() ? long : longOtherYear).format(date) };
}

function startOf(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
