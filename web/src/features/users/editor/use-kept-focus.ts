import { type FocusEvent, type RefObject, useEffect, useRef } from 'react';

/**
 * Keeps the focus inside a part of the page when the control that had it goes, for example the bar that has just saved.
 *
 * Otherwise the focus falls to the page's top, and the keys of the part no longer reach it.
 */
export function useKeptFocus(ref: RefObject<HTMLElement | null>) {
  const isInside = useRef(false);
  useEffect(() => {
    if (isInside.current && document.activeElement === document.body) ref.current?.focus({ preventScroll: true });
  });
  return {
    onFocus() {
      isInside.current = true;
    },
    onBlur({ target, relatedTarget, currentTarget }: FocusEvent<HTMLElement>) {
      const isRemoved = !target.isConnected;
      if (!isRemoved && !currentTarget.contains(relatedTarget)) isInside.current = false;
    },
  };
}
