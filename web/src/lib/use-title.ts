import { useEffect } from 'react';

/** Names the page in the browser's tab and history while the calling part is on screen. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Roster`;
  }, [title]);
}
