// biome-ignore-all lint/a11y/useSemanticElements: rows that are placed by transform on a track cannot be a table
import { memo, type ReactNode } from 'react';
import { Badge } from '../../../ui/chip.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import type { UserRow } from '../list/user-list.ts';
import type { Column } from './columns.tsx';
import styles from './grid.module.css';

export interface GridRowProps {
  readonly row: UserRow | undefined;
  /** Its place in the list, from 0. */
  readonly index: number;
  /** Where it lies on the track. */
  readonly top: number;
  readonly columns: readonly Column[];
  /** The active cell's column, where this is the active row. */
  readonly activeColumn: number | undefined;
  readonly isOpen: boolean;
  readonly hasSkeleton: boolean;
}

/** The id by which the grid names its active cell. */
export function cellId(rowIndex: number, columnIndex: number): string {
  return `cell-${rowIndex}-${columnIndex}`;
}

/** One row. It draws again only when its user, its place or its state changed. */
export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { row, index, top, columns, activeColumn, isOpen, hasSkeleton } = props;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus and names its active cell (aria-activedescendant)
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isOpen}
      aria-busy={row === undefined || undefined}
      data-index={index}
      data-active={activeColumn !== undefined || undefined}
      data-gone={row?.isGone || undefined}
      className={styles.row}
      style={{ transform: `translateY(${top}px)` }}
    >
      {columns.map((column, at) => (
        // biome-ignore lint/a11y/useFocusableInteractive: see above
        <div
          key={column.id}
          role="gridcell"
          id={cellId(index, at)}
          aria-colindex={at + 1}
          data-column={column.id}
          data-active={activeColumn === at || undefined}
          className={styles.cell}
        >
          {row ? <CellContent row={row} column={column} /> : hasSkeleton && skeletonFor(column, index)}
        </div>
      ))}
    </div>
  );
});

/** How long a change glows; the same number stands in ui/tokens.css. A row that scrolls back into view later does not glow again. */
const glowMs = 1200;

/** A cell that glows once for each change from elsewhere: the key makes the animation start anew. */
function CellContent({ row, column }: { readonly row: UserRow; readonly column: Column }) {
  const isFresh = row.changed?.fields.has(column.id) && Date.now() - row.changed.at < glowMs;
  const changedAt = isFresh ? row.changed?.at : undefined;
  return (
    <>
      {changedAt !== undefined && <span key={changedAt} aria-hidden="true" className={styles.glow} />}
      {row.isGone && column.id === 'state' ? <Badge tone="plain">Gone</Badge> : column.draw(row.user)}
      {row.isGone && column.id === 'name' && <span className="visually-hidden">, not on this list any more</span>}
    </>
  );
}

const widths: Readonly<Record<Column['id'], readonly number[]>> = {
  name: [112, 140, 96, 124],
  email: [168, 144, 188, 156],
  role: [44],
  state: [56],
  tags: [72, 48, 96, 0],
  created_at: [72],
  updated_at: [72],
};

function skeletonFor(column: Column, index: number): ReactNode {
  const choices = widths[column.id];
  const bar = <Skeleton width={choices[index % choices.length] ?? 64} />;
  if (column.id !== 'name') return bar;
  return (
    <>
      <span className={styles.discBone} />
      {bar}
    </>
  );
}
