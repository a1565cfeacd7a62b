import { useCallback, useSyncExternalStore } from 'react';

/** Screens too narrow for the navigation beside the content, and for a table of many columns; the style sheets use the same width. */
export const narrowScreen = '(width < 640px)';

/** Screens too narrow for a panel beside the list. */
export const noRoomForPanel = '(width < 900px)';

/** Whether a media query holds, kept up to date. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}
