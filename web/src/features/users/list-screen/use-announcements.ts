import { useEffect, useRef } from 'react';
import { countOf } from '../../../lib/format-number.ts';
import { useCalmly } from '../../../lib/use-calmly.ts';
import type { UserListSnapshot } from '../list/user-list.ts';

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

/** The size of the list as it is spoken. */
function sizeWords({ total, rowCount }: UserListSnapshot): string {
  const size = countOf(total?.size ?? rowCount, 'person', 'people');
  return total?.isMinimum ? `More than ${size}` : size;
}
