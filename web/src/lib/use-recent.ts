import { useEffect, useRef, useState } from 'react';

/** Says whether something happened a short while ago. */
export function useRecent(durationMs: number): [boolean, () => void] {
  const [isRecent, setRecent] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return [
    isRecent,
    () => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setRecent(false), durationMs);
      setRecent(true);
    },
  ];
}
