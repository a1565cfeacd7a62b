/** What happens to the page as a whole. */
export type PageSignal = 'visible' | 'hidden' | 'online' | 'offline' | 'leave' | 'return';

export interface PageSignals {
  isVisible(): boolean;
  isOnline(): boolean;
  /** The returned function ends the subscription. */
  subscribe(listener: (signal: PageSignal) => void): () => void;
}

/** Listens to a window. `leave` and `return` are those of the back-forward cache, which keeps only pages without open connections. */
export function createPageSignals(page: Window): PageSignals {
  const { document, navigator } = page;
  const isVisible = () => document.visibilityState === 'visible';
  return {
    isVisible,
    isOnline: () => navigator.onLine,
    subscribe(listener) {
      const ending = new AbortController();
      const { signal } = ending;
      document.addEventListener('visibilitychange', () => listener(isVisible() ? 'visible' : 'hidden'), { signal });
      page.addEventListener('online', () => listener('online'), { signal });
      page.addEventListener('offline', () => listener('offline'), { signal });
      page.addEventListener('pagehide', () => listener('leave'), { signal });
      page.addEventListener('pageshow', ({ persisted }) => persisted && listener('return'), { signal });
      return () => ending.abort();
    },
  };
}
