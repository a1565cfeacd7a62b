import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { formatListUrl, type ListUrl, parseListUrl } from './list-url.ts';

/** A change of the address: what changes, and whether going back undoes it. */
export interface ListUrlChange {
  readonly filter?: string;
  readonly orderBy?: string;
  readonly userId?: string | undefined;
  readonly isNew?: boolean;
  readonly isReplaced?: boolean;
}

/** The list's part of the address, and how to change it. */
export function useListUrl(): [ListUrl, (change: ListUrlChange) => void] {
  const search = useSearch();
  const [, navigate] = useLocation();
  const url = useMemo(() => parseListUrl(search), [search]);
  const change = useCallback(
    ({ filter, orderBy, isReplaced = false, ...panel }: ListUrlChange) => {
      // The address of now: a change that waited for an answer must not bring an older filter back.
      const now = parseListUrl(window.location.search);
      const query = {
        ...now.query,
        ...(filter !== undefined && { filter }),
        ...(orderBy !== undefined && { orderBy }),
      };
      navigate(formatListUrl({ ...now, ...panel, query }), { replace: isReplaced });
    },
    [navigate],
  );
  return [url, change];
}
