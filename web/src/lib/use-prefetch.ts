import { useEffect } from 'react';

/** Fetches code that will be needed, once the page has nothing better to do; not before it has stood for `afterMs`, for a page that waits for its rows looks idle. */
export function usePrefetch(load: () => Promise<unknown>, isOn: boolean, afterMs = 0): void {
  useEffect(() => {
    if (!isOn) return;
    // A failed prefetch is tried again when the code is needed.
    const start = () => void load().catch(() => undefined);
    let handle = 0;
    const timer = setTimeout(() => {
      if (typeof window.requestIdleCallback === 'function')
        handle = window.requestIdleCallback(start, { timeout: 3000 });
      else start();
    }, afterMs);
    return () => {
      clearTimeout(timer);
      window.cancelIdleCallback?.(handle);
    };
  }, [load, isOn, afterMs]);
}
