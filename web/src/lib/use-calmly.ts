import { useEffect, useRef, useState } from 'react';

/** At most one sentence in so long, the newest. */
const calmMs = 3000;
/** What passes sooner is not spoken. */
const settleMs = 700;

/** The last of what was said, no sooner than it has settled and no more often than is calm. */
export function useCalmly(): [string, (words: () => string) => void] {
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
