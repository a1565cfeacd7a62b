import { useEffect, useRef, useState } from 'react';
import { countOf } from '../../../lib/format-number.ts';
import type { UserListSnapshot } from '../list/user-list.ts';

/** At most one sentence in so long, the newest. */
const calmMs = 3000;
/** What passes sooner is not spoken. */
const settleMs = 700;

/**
 * What a screen reader hears of the list: its size after each new query, arrivals that wait, changes of the connection.
 *
 * Single changes of rows are not spoken: they would never end.
 */
export function useAnnouncements(snapshot: UserListSnapshot, queryKey: string, connection: string): string {
  const [spoken, say] = useCalmly();
  const isAnswered = snapshot.status === 'ready' && !snapshot.isPrevious;
  const size = sizeWords(snapshot);
  const latest = useRef({ size, connection });
  useEffect(() => {
    latest.current = { size, connection };
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new query is spoken of, though its size may be the same
  useEffect(() => {
    if (isAnswered) say(() => latest.current.size);
  }, [isAnswered, queryKey, say]);

  const { kind } = snapshot.connection;
  const kindBefore = useRef(kind);
  useEffect(() => {
    if (kindBefore.current !== kind && kindBefore.current !== 'connecting') say(() => latest.current.connection);
    kindBefore.current = kind;
  }, [kind, say]);

  const hasArrivals = snapshot.arrivals > 0;
  useEffect(() => {
    if (hasArrivals) say(() => 'New people wait at the top of the list');
  }, [hasArrivals, say]);
  return spoken;
}

/** The last of what was said, no sooner than it has settled and no more often than is calm. */
function useCalmly(): [string, (words: () => string) => void] {
  const [spoken, setSpoken] = useState('');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const lastAt = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const [say] = useState(() => (words: () => string) => {
    clearTimeout(timer.current);
    const waitMs = Math.max(settleMs, lastAt.current + calmMs - Date.now());
    timer.current = setTimeout(() => {
      lastAt.current = Date.now();
      setSpoken(words());
    }, waitMs);
  });
  return [spoken, say];
}

/** The size of the list as it is spoken. */
function sizeWords({ total, rowCount }: UserListSnapshot): string {
  const size = countOf(total?.size ?? rowCount, 'person', 'people');
  return total?.isMinimum ? `More than ${size}` : size;
}
