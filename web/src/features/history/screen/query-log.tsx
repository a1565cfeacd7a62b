import { type ReactNode, useCallback, useState } from 'react';
import type { AppError } from '../../../rpc/app-error.ts';
import { DayLog } from '../log/day-log.tsx';
import { LogEnd, LogSkeleton } from '../log/log-end.tsx';
import { LogEntry } from '../log/log-entry.tsx';
import { LogFailed } from './change-states.tsx';
import styles from './history-screen.module.css';

/** The part of an infinite query that a log draws. */
export interface LogQuery<Entry> {
  readonly data: readonly Entry[] | undefined;
  readonly error: AppError | null;
  readonly hasNextPage: boolean;
  readonly isFetchNextPageError: boolean;
  readonly isFetching: boolean;
  fetchNextPage(): unknown;
  refetch(): unknown;
}

export interface QueryLogProps<Entry> {
  readonly label: string;
  readonly query: LogQuery<Entry>;
  /** What the person lacks where they may not read it. */
  readonly need: string;
  readonly keyOf: (entry: Entry) => string;
  readonly atOf: (entry: Entry) => number;
  readonly whoOf: (entry: Entry) => string;
  readonly wordsOf: (entry: Entry) => ReactNode;
  readonly detailOf: (entry: Entry) => ReactNode;
  readonly empty: ReactNode;
}

/** A log that is read page by page, and not live. */
export function QueryLog<Entry>(props: QueryLogProps<Entry>) {
  const { label, query, need, keyOf, atOf, whoOf, wordsOf, detailOf, empty } = props;
  const [openKey, setOpenKey] = useState<string>();
  const { data, error, hasNextPage, isFetchNextPageError, isFetching, fetchNextPage } = query;
  const onMore = useCallback(() => {
    if (!isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [isFetching, isFetchNextPageError, fetchNextPage]);
  return (
    <div className={styles.area}>
      {data === undefined ? (
        error ? (
          <LogFailed error={error} need={need} onRetry={() => void query.refetch()} />
        ) : (
          <LogSkeleton />
        )
      ) : data.length === 0 ? (
        empty
      ) : (
        <DayLog
          label={label}
          entries={data}
          keyOf={keyOf}
          atOf={atOf}
          hasMore={hasNextPage}
          onMore={onMore}
          end={
            <LogEnd
              hasMore={hasNextPage}
              error={isFetchNextPageError ? (error ?? undefined) : undefined}
              words="Nothing older is kept."
              onRetry={() => void fetchNextPage()}
            />
          }
          renderEntry={(entry, frame) => {
            const key = keyOf(entry);
            return (
              <LogEntry
                frame={frame}
                who={whoOf(entry)}
                words={wordsOf(entry)}
                at={atOf(entry)}
                isOpen={key === openKey}
                onToggle={() => setOpenKey(key === openKey ? undefined : key)}
              >
                {detailOf(entry)}
              </LogEntry>
            );
          }}
        />
      )}
    </div>
  );
}
