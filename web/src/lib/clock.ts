import { useCallback, useSyncExternalStore } from 'react';

interface Ticker {
  now: number;
  timer: ReturnType<typeof setInterval> | undefined;
  readonly listeners: Set<() => void>;
}

const tickers = new Map<number, Ticker>();

/** The time, renewed every so often; all who ask for the same interval share one timer, so a screen changes at once. */
export function useNow(intervalMs: number): number {
  const subscribe = useCallback((listener: () => void) => listen(intervalMs, listener), [intervalMs]);
  return useSyncExternalStore(subscribe, () => tickerFor(intervalMs).now);
}

function tickerFor(intervalMs: number): Ticker {
  let ticker = tickers.get(intervalMs);
  if (!ticker) {
    ticker = { now: Date.now(), timer: undefined, listeners: new Set() };
    tickers.set(intervalMs, ticker);
  }
  return ticker;
}

function listen(intervalMs: number, listener: () => void): () => void {
  const ticker = tickerFor(intervalMs);
  ticker.listeners.add(listener);
  if (!ticker.timer) {
    // One that no one listened to has stood still.
    if (Date.now() - ticker.now >= intervalMs) ticker.now = Date.now();
    ticker.timer = setInterval(() => {
      ticker.now = Date.now();
      for (const each of ticker.listeners) each();
    }, intervalMs);
  }
  return () => {
    ticker.listeners.delete(listener);
    if (ticker.listeners.size > 0) return;
    clearInterval(ticker.timer);
    ticker.timer = undefined;
  };
}
