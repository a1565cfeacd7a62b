import { useEffect } from 'react';

/** Fetches code that will be needed, once the page has nothing better to do. */
export function usePrefetch(load: () => Promise<unknown>, isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return;
    // A failed prefetch is tried again when the code is needed.
    const start = () => void load().catch(() => undefined);
    if (typeof window.requestIdleCallback !== 'function') {
      const timer = setTimeout(start, 1000);
      return () => clearTimeout(timer);
    }
    const handle = window.requestIdleCallback(start, { timeout: 3000 });
    return () => window.cancelIdleCallback(handle);
  }, [load, isOn]);
}
