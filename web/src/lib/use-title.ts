import { useEffect } from 'react';

/** Names the page in the browser's tab and history while the calling part is on screen. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Roster`;
  }, [title]);
}

/** Names them again as before once the calling part is gone, whatever its own parts have named them. */
export function useTitleBefore(): void {
  useEffect(() => {
    const before = document.title;
    return () => {
      document.title = before;
    };
  }, []);
}
