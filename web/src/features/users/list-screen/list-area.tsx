import { type Ref, useEffect, useState } from 'react';
import type { UserList, UserListSnapshot } from '../list/user-list.ts';
import { useColumns } from './columns.tsx';
import { useRowHeight } from './density.ts';
import { filterErrorOf } from './filter-error.ts';
import styles from './list-area.module.css';
import { FilterRefused, ListFailed, NoMatch, NoUsers, StillBefore } from './list-states.tsx';
import type { ListUrl } from './list-url.ts';
import type { ListUrlChange } from './use-list-url.ts';
import { type GridHandle, UserGrid } from './user-grid.tsx';

export interface ListAreaProps {
  readonly list: UserList;
  readonly snapshot: UserListSnapshot;
  readonly url: ListUrl;
  /** What is shown may be out of date. */
  readonly isOld: boolean;
  readonly change: (change: ListUrlChange) => void;
  /** Another filter from within the list; the filter box gets the focus, because what was pressed goes away. */
  readonly onLift: (filter: string) => void;
  /** Undefined for whoever may not create anybody. */
  readonly onCreate: (() => void) | undefined;
  readonly onClosePanel: () => void;
  /** The focus goes to the panel. */
  readonly onEnterPanel: () => void;
  readonly ref: Ref<GridHandle>;
}

/** How many bars stand in for rows while the first page is on its way: more than any screen holds at once. */
const skeletonRows = 40;
const patienceMs = 150;

/** The grid, or what takes its place: it loads, it failed, no one is there, no one matches. */
export function ListArea(props: ListAreaProps) {
  const { list, snapshot, url, isOld, change, onLift, onCreate, onClosePanel, onEnterPanel, ref } = props;
  const rowHeight = useRowHeight();
  const { shown } = useColumns();
  const isWaiting = useIsAfter(patienceMs, snapshot.status === 'loading' && snapshot.rowCount === 0);
  const instead = stateInstead(props);
  if (instead) return <div className={styles.state}>{instead}</div>;

  const isFirstLoad = snapshot.status === 'loading' && snapshot.rowCount === 0;
  return (
    <div className={styles.area}>
      {snapshot.error && !filterErrorOf(snapshot.error) && (
        <StillBefore error={snapshot.error} onRetry={() => list.retry()} />
      )}
      <UserGrid
        ref={ref}
        list={list}
        snapshot={isFirstLoad ? { ...snapshot, rowCount: skeletonRows } : snapshot}
        columns={shown}
        rowHeight={rowHeight}
        openId={url.userId}
        isDimmed={isOld || snapshot.isPrevious || snapshot.status === 'failed'}
        hasSkeleton={!isFirstLoad || isWaiting}
        onOpen={(userId, { takesFocus }) => {
          change({ userId, isNew: false, isReplaced: url.userId !== undefined });
          if (takesFocus) onEnterPanel();
        }}
        onSort={(orderBy) => change({ orderBy })}
        onClose={onClosePanel}
      />
    </div>
  );

  function stateInstead({ snapshot: { status, error, rowCount } }: ListAreaProps) {
    if (rowCount > 0 || status === 'loading') return undefined;
    if (error && filterErrorOf(error)) return <FilterRefused onClear={() => onLift('')} />;
    if (error)
      return (
        <ListFailed error={error} onRetry={() => list.retry()} onPlain={() => change({ filter: '', orderBy: '' })} />
      );
    if (url.query.filter) return <NoMatch key={url.query.filter} query={url.query} onFilter={onLift} />;
    return <NoUsers onCreate={onCreate} />;
  }
}

/** True once something has lasted for so long. */
function useIsAfter(durationMs: number, isOn: boolean): boolean {
  const [isAfter, setAfter] = useState(false);
  useEffect(() => {
    if (!isOn) return;
    const timer = setTimeout(() => setAfter(true), durationMs);
    return () => {
      clearTimeout(timer);
      setAfter(false);
    };
  }, [durationMs, isOn]);
  return isAfter;
}
