import { useEffect, useState } from 'react';
import { useNow } from '../../lib/clock.ts';
import { isAppError } from '../../rpc/is-app-error.ts';

/** How many seconds one must still wait before another attempt; 0 for none. Starts anew with each error that says so. */
export function useWait(error: unknown): number {
  const [until, setUntil] = useState(0);
  useEffect(() => {
    if (isAppError(error) && error.kind === 'limited' && error.retryAfterMs !== undefined)
      setUntil(Date.now() + error.retryAfterMs);
  }, [error]);
  const now = useNow(500);
  return Math.max(0, Math.ceil((until - now) / 1000));
}

/** For example “42 s” or “1 min 5 s”. */
export function waitWords(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
