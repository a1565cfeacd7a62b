import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { formatHistoryUrl, type HistoryUrl, parseHistoryUrl } from './history-url.ts';

/** What changes in the address, and whether going back undoes it. */
export type HistoryUrlChange = HistoryUrl & { readonly isReplaced?: boolean };

/** The address of the history, and how to change a part of it. */
export function useHistoryUrl(): [HistoryUrl, (change: HistoryUrlChange) => void] {
  const search = useSearch();
  const [, navigate] = useLocation();
  const url = useMemo(() => parseHistoryUrl(search), [search]);
  const change = useCallback(
    ({ isReplaced = false, ...parts }: HistoryUrlChange) => {
      const now = parseHistoryUrl(window.location.search);
      navigate(formatHistoryUrl({ ...now, ...parts }, window.location.pathname), { replace: isReplaced });
    },
    [navigate],
  );
  return [url, change];
}
