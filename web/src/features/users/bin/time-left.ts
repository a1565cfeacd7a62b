/** How long a deleted person can still be restored, in words. */
export interface TimeLeft {
  readonly words: string;
  /** It is time to look. */
  readonly isShort: boolean;
  readonly isOver: boolean;
}

const dayMs = 24 * 60 * 60_000;
const shortDays = 3;

/** Undefined where the bin keeps everybody. Times are epoch milliseconds. */
export function timeLeft(deletedAt: number, binDays: number, now: number): TimeLeft | undefined {
  if (binDays === 0) return undefined;
  const left = deletedAt + binDays * dayMs - now;
  return { words: inWords(left), isShort: left <= shortDays * dayMs, isOver: left <= 0 };
}

function inWords(left: number): string {
  if (left <= 0) return 'Erased shortly';
  if (left < dayMs) return 'Less than a day';
  const days = Math.ceil(left / dayMs);
  return days === 1 ? '1 day' : `${days} days`;
}
