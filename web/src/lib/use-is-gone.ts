import { useCallback, useEffect, useRef } from 'react';

/** Tells whether what calls this is drawn no more; for what comes back from a call later. */
export function useIsGone(): () => boolean {
  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);
  return useCallback(() => isGone.current, []);
}
