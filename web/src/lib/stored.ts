import { useCallback, useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
const prefix = 'roster.';

/** Reads a remembered choice; undefined where there is none or the browser keeps nothing. */
export function readStored(name: string): string | undefined {
  try {
    return localStorage.getItem(prefix + name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Remembers a choice in this browser, as far as it lets us. */
export function writeStored(name: string, value: string): void {
  try {
    localStorage.setItem(prefix + name, value);
  } catch {
    // A browser that keeps nothing forgets the choice with the page.
  }
  for (const listener of listeners) listener();
}

/** A remembered choice, the same in every part and every tab of the page. `parse` makes a valid value of anything. */
export function useStored<T extends string | number>(
  name: string,
  parse: (text: string | undefined) => T,
): [T, (value: T) => void] {
  const text = useSyncExternalStore(subscribe, () => readStored(name));
  const set = useCallback((value: T) => writeStored(name, String(value)), [name]);
  return [parse(text), set];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}
