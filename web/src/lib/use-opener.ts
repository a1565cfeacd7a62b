import { type RefObject, useEffect, useRef } from 'react';

/**
 * For a button that gives way to what it opens in its own place: once that is closed, and the focus went with it, the button has the focus again. Else it would fall
 * to the page's top.
 */
export function useOpener(isOpen: boolean): RefObject<HTMLButtonElement | null> {
  const ref = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    if (wasOpen.current && !isOpen && document.activeElement === document.body) ref.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  return ref;
}
