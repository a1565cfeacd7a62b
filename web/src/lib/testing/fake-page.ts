import type { PageSignal, PageSignals } from '../page-signals.ts';

export interface FakePage extends PageSignals {
  send(signal: PageSignal): void;
}

/** A page whose state the test sets. */
export function createFakePage(): FakePage {
  const listeners = new Set<(signal: PageSignal) => void>();
  let isVisible = true;
  let isOnline = true;
  return {
    isVisible: () => isVisible,
    isOnline: () => isOnline,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send(signal) {
      if (signal === 'visible' || signal === 'hidden') isVisible = signal === 'visible';
      if (signal === 'online' || signal === 'offline') isOnline = signal === 'online';
      for (const listener of [...listeners]) listener(signal);
    },
  };
}
