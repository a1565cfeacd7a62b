// biome-ignore-all lint/a11y/useSemanticElements: rows that are placed by transform on a track cannot be a table
import { formatOrderBy, parseOrderBy } from '@roster/proto/order';
import { type KeyboardEvent, type MouseEvent, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { useRecent } from '../../../lib/use-recent.ts';
import type { UserList, UserListQuery, UserListSnapshot } from '../list/user-list.ts';
import type { Column } from './columns.tsx';
import { headHeight } from './density.ts';
import styles from './grid.module.css';
import { GridHead, nextOrder } from './grid-head.tsx';
import { type Cell, moveByKey } from './grid-keys.ts';
import { cellId, GridRow } from './grid-row.tsx';
import { useActiveCell } from './use-active-cell.ts';
import { useAim } from './use-aim.ts';
import { useHold } from './use-hold.ts';
import { type RowWindow, useRowWindow } from './use-row-window.ts';

/** The list is let go when neither pointer nor keys have moved in it for so long; then rows may move again. */
const restMs = 1500;

export interface GridHandle {
  focus(): void;
  goToTop(): void;
}

export interface UserGridProps {
  readonly list: UserList;
  readonly snapshot: UserListSnapshot;
  readonly columns: readonly Column[];
  readonly rowHeight: number;
  readonly openId: string | undefined;
  readonly isDimmed: boolean;
  /** Rows that are not loaded are drawn as bars. */
  readonly hasSkeleton: boolean;
  /** `takesFocus`: by Enter; the person goes on in the panel. */
  readonly onOpen: (id: string, options: { readonly takesFocus: boolean }) => void;
  readonly onSort: (orderBy: string) => void;
  readonly onClose: () => void;
  readonly ref: Ref<GridHandle>;
}

/** The users as a grid of any length, by pointer or by keyboard alone. */
export function UserGrid(props: UserGridProps) {
  const { list, snapshot, columns, rowHeight, openId, isDimmed, hasSkeleton, onOpen, onSort, onClose, ref } = props;
  const scrollerRef = useRef<HTMLDivElement>(null);
  const { rowCount } = snapshot;
  const view = useRowWindow(scrollerRef, { rowCount, rowHeight, headHeight });
  const { active, setActive } = useActiveCell(list, rowCount);
  const [isInHand, touch] = useRecent(restMs);
  const aim = useAim(list, view);
  useHold(list, view.isScrolling || isInHand || !view.isAtTop);

  useEffect(() => list.show(view.first, view.last), [list, view.first, view.last]);
  useTopOfNewQuery(list.query, view.goTo);
  useImperativeHandle(ref, () => ({ focus: () => scrollerRef.current?.focus(), goToTop: () => view.goTo(0) }), [
    view.goTo,
  ]);

  const order = parseOrderBy(list.query.orderBy);
  const sort = (column: Column) => {
    const next = nextOrder(column, order);
    if (next) onSort(formatOrderBy(next));
  };
  const openAt = (index: number, takesFocus: boolean) => {
    const row = list.rowAt(index);
    if (row) onOpen(row.user.id, { takesFocus });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.target !== event.currentTarget) return;
    touch();
    const size = { rows: rowCount, columns: columns.length, page: view.pageRows };
    const next = moveByKey(event.key, event.ctrlKey || event.metaKey, active ?? { row: -1, column: 0 }, size);
    if (next) {
      setActive(next);
      if (next.row >= 0) view.reveal(next.row);
    } else if (event.key === 'Escape' && openId) onClose();
    else if (event.key === 'Enter' || event.key === ' ') {
      const column = columns[active?.column ?? 0];
      if (active && active.row < 0 && column) sort(column);
      else if (active) openAt(active.row, event.key === 'Enter');
    } else return;
    event.preventDefault();
  };

  const onClick = (event: MouseEvent) => {
    if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const row = event.target.closest<HTMLElement>('[data-index]');
    const cell = event.target.closest('[role="gridcell"]');
    if (!row || !cell || window.getSelection()?.type === 'Range') return;
    event.preventDefault();
    // A press on a name leaves the focus on its link; the keys are the grid's.
    scrollerRef.current?.focus({ preventScroll: true });
    const index = Number(row.dataset['index']);
    // What presses without a pointer, as a screen reader does, presses what is there.
    const id = event.detail === 0 ? list.rowAt(index)?.user.id : aim.meantAt(index, event.timeStamp);
    const place = id === undefined ? undefined : list.indexOf(id);
    setActive({ row: place ?? index, column: Number(cell.getAttribute('aria-colindex')) - 1 });
    if (id !== undefined) onOpen(id, { takesFocus: false });
  };

  return (
    <div
      ref={scrollerRef}
      role="grid"
      aria-label="Users"
      aria-rowcount={snapshot.total?.isMinimum ? -1 : rowCount + 1}
      aria-colcount={columns.length}
      aria-readonly="true"
      aria-busy={snapshot.isPrevious || snapshot.status === 'loading' || undefined}
      aria-activedescendant={active && isDrawn(active.row, view) ? cellId(active.row, active.column) : undefined}
      tabIndex={0}
      data-dim={isDimmed || undefined}
      className={styles.scroller}
      style={gridVariables(columns, rowHeight)}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onPointerDown={touch}
      onPointerMove={({ clientX: x, clientY: y }) => {
        aim.pointed({ x, y });
        touch();
      }}
      onFocus={() => {
        if (!active && rowCount > 0) setActive({ row: 0, column: 0 });
      }}
    >
      <GridHead
        columns={columns}
        order={order}
        activeColumn={active?.row === -1 ? active.column : undefined}
        onSort={sort}
      />
      <GridBody {...{ list, columns, rowHeight, view, active, openId, hasSkeleton }} />
    </div>
  );
}

interface GridBodyProps extends Pick<UserGridProps, 'list' | 'columns' | 'rowHeight' | 'openId' | 'hasSkeleton'> {
  readonly view: RowWindow;
  readonly active: Cell | undefined;
}

/** The rows in view, each at its place on the track. */
function GridBody({ list, columns, rowHeight, view, active, openId, hasSkeleton }: GridBodyProps) {
  return (
    <div role="rowgroup" className={styles.body} style={{ height: view.trackHeight }}>
      {rowIndices(view.first, view.last).map((index) => {
        const row = list.rowAt(index);
        return (
          <GridRow
            key={row ? row.user.id : `at-${index}`}
            row={row}
            index={index}
            top={index * rowHeight + view.shift}
            columns={columns}
            activeColumn={active?.row === index ? active.column : undefined}
            isOpen={row !== undefined && row.user.id === openId}
            hasSkeleton={hasSkeleton}
          />
        );
      })}
    </div>
  );
}

/** Another query starts at its first row, as soon as its rows take the place of those before. */
function useTopOfNewQuery({ filter, orderBy }: UserListQuery, goTo: (index: number) => void): void {
  const key = JSON.stringify([filter, orderBy]);
  const shown = useRef(key);
  useEffect(() => {
    if (shown.current !== key) goTo(0);
    shown.current = key;
  }, [key, goTo]);
}

function isDrawn(row: number, view: { readonly first: number; readonly last: number }): boolean {
  return row < 0 || (row >= view.first && row < view.last);
}

function rowIndices(first: number, last: number): readonly number[] {
  return Array.from({ length: Math.max(0, last - first) }, (_, at) => first + at);
}

function gridVariables(columns: readonly Column[], rowHeight: number): Record<`--${string}`, string> {
  const widths = columns.map(({ id }) => `var(--column-${id.replace('_at', '')})`);
  return {
    '--columns': widths.join(' '),
    '--columns-width': `calc(${widths.join(' + ')})`,
    '--row-height': `${rowHeight}px`,
  };
}
