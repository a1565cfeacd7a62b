import type { UserChange } from '@roster/proto/gen/roster/history/v1/history_service';
import { epochMs } from '@roster/proto/order';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';
import { formatCount } from '../../../lib/format-number.ts';
import { useCalmly } from '../../../lib/use-calmly.ts';
import { LiveState, useConnectionWords } from '../../../live/live-state.tsx';
import { ArrowUpIcon } from '../../../ui/icons.tsx';
import { changeWords } from '../entry/change-words.ts';
import { CopyLink } from '../entry/copy-link.tsx';
import detailStyles from '../entry/entry-detail.module.css';
import { EntryDetail } from '../entry/entry-detail.tsx';
import { Sentence } from '../entry/sentence.tsx';
import type { ChangeListSnapshot } from '../list/change-list.ts';
import { useChangeList } from '../list/use-change-list.ts';
import { DayLog, type DayLogHandle } from '../log/day-log.tsx';
import { LogEnd, LogSkeleton } from '../log/log-end.tsx';
import { LogEntry } from '../log/log-entry.tsx';
import { ChangeFilters, hasFilter, noFilter } from './change-filters.tsx';
import { LogFailed, NoEntries, NoMatch, StillBefore } from './change-states.tsx';
import { HeadEnd } from './history-head.tsx';
import styles from './history-screen.module.css';
import { formatHistoryUrl, toChangeFilter } from './history-url.ts';
import { useHistoryUrl } from './use-history-url.ts';

/** All that has been changed, the newest first, live. The address says what is shown of it. */
export function ChangesTab() {
  const [url, change] = useHistoryUrl();
  // Spans of time count from when the address was read: a list that moves on by itself would never be the same.
  const { open: _, ...filterUrl } = url;
  const filterKey = JSON.stringify(filterUrl);
  const filter = useMemo(() => toChangeFilter(JSON.parse(filterKey), Date.now()), [filterKey]);
  const { list, snapshot } = useChangeList(filter);
  const logRef = useRef<DayLogHandle>(null);
  const connection = useConnectionWords(snapshot);
  const spoken = useSpoken(snapshot, connection.words);
  const [isReading, setReading] = useState(false);
  const isHeld = isReading || url.open !== undefined;
  useEffect(() => (isHeld ? list.hold() : undefined), [isHeld, list]);
  const loadMore = useCallback(() => list.loadMore(), [list]);
  const isAlone = url.change !== undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter begins at its top
  useEffect(() => logRef.current?.goToTop(), [filterKey]);

  const instead = stateInstead();
  return (
    <>
      <HeadEnd>
        <LiveState snapshot={snapshot} onRetry={() => list.retry()} />
        {snapshot.arrivals > 0 && (
          <button
            type="button"
            className={styles.arrivals}
            onClick={() => {
              change({ open: undefined, isReplaced: true });
              list.showArrivals();
              logRef.current?.goToTop();
            }}
          >
            <ArrowUpIcon />
            {formatCount(snapshot.arrivals)} new
          </button>
        )}
      </HeadEnd>
      <ChangeFilters url={url} changes={snapshot.changes} onChange={change} />
      <div className={styles.area}>
        {snapshot.error && snapshot.changes.length > 0 && (
          <StillBefore error={snapshot.error} onRetry={() => list.retry()} />
        )}
        {instead ?? (
          <DayLog
            ref={logRef}
            label="Changes"
            entries={snapshot.changes}
            keyOf={keyOf}
            atOf={atOf}
            hasMore={snapshot.hasMore}
            isDimmed={connection.isOld || snapshot.isPrevious}
            isBusy={snapshot.isPrevious}
            onMore={snapshot.moreError ? doNothing : loadMore}
            onReading={setReading}
            end={
              isAlone ? null : (
                <LogEnd
                  hasMore={snapshot.hasMore}
                  error={snapshot.moreError}
                  words={hasFilter(url) ? 'Nothing older matches.' : 'This is where the history begins.'}
                  onRetry={loadMore}
                />
              )
            }
            renderEntry={(entry, frame) => {
              const isOpen = isAlone || url.open === entry.revision;
              return (
                <LogEntry
                  frame={frame}
                  who={entry.actor?.name || 'Somebody'}
                  words={<Sentence parts={changeWords(entry)} />}
                  at={atOf(entry)}
                  isOpen={isOpen}
                  onToggle={() => change({ open: isOpen ? undefined : entry.revision, isReplaced: true })}
                >
                  <EntryDetail change={entry} links={<Links change={entry} />} />
                </LogEntry>
              );
            }}
          />
        )}
      </div>
      <p aria-live="polite" className="visually-hidden">
        {spoken}
      </p>
    </>
  );

  function stateInstead() {
    if (snapshot.changes.length > 0) return undefined;
    if (snapshot.error) {
      return (
        <LogFailed
          error={snapshot.error}
          need="Reading the history needs the role Editor."
          onRetry={() => list.retry()}
          onPlain={() => change(noFilter)}
        />
      );
    }
    if (snapshot.status === 'loading') return <LogSkeleton />;
    if (hasFilter(url)) return <NoMatch url={url} onChange={change} />;
    return (
      <NoEntries title="Nothing has been changed yet">
        Every change of a person appears here as it happens, with who made it.
      </NoEntries>
    );
  }
}

/** Ways from one change to others. */
function Links({ change }: { readonly change: UserChange }) {
  const { revision, userId, actor } = change;
  return (
    <>
      <Link href={formatHistoryUrl({ person: userId })} className={detailStyles.link}>
        All about this person
      </Link>
      {actor?.id && (
        <Link href={formatHistoryUrl({ by: actor.id })} className={detailStyles.link}>
          All by <bdi>{actor.name}</bdi>
        </Link>
      )}
      <CopyLink href={formatHistoryUrl({ change: revision })} />
    </>
  );
}

function keyOf({ revision }: UserChange): string {
  return String(revision);
}

function atOf({ changedAt }: UserChange): number {
  return epochMs(changedAt);
}

function doNothing(): void {}

/** What a screen reader hears: that new changes wait, and changes of the connection. Single changes are not spoken: they would never end. */
function useSpoken({ arrivals, connection: { kind } }: ChangeListSnapshot, words: string): string {
  const [spoken, say] = useCalmly();
  const latest = useRef(words);
  useEffect(() => {
    latest.current = words;
  });
  const before = useRef(kind);
  useEffect(() => {
    if (before.current !== kind && before.current !== 'connecting') say(() => latest.current);
    before.current = kind;
  }, [kind, say]);
  const hasArrivals = arrivals > 0;
  useEffect(() => {
    if (hasArrivals) say(() => 'New changes wait at the top');
  }, [hasArrivals, say]);
  return spoken;
}
