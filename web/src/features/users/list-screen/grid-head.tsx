// biome-ignore-all lint/a11y/useSemanticElements: rows that are placed by transform on a track cannot be a table
import type { Order } from '@roster/proto/order';
import { ArrowDownIcon, ArrowUpIcon } from '../../../ui/icons.tsx';
import type { Column } from './columns.tsx';
import styles from './grid.module.css';
import { cellId } from './grid-row.tsx';

export interface GridHeadProps {
  readonly columns: readonly Column[];
  readonly order: Order | undefined;
  readonly activeColumn: number | undefined;
  readonly onSort: (column: Column) => void;
}

/** The order that a press on a column's head brings: its own first, then the other way round. */
export function nextOrder(column: Column, order: Order | undefined): Order | undefined {
  if (!column.orderField) return undefined;
  const isCurrent = order?.field === column.orderField;
  return { field: column.orderField, descending: isCurrent ? !order.descending : column.isDescendingFirst };
}

/** The head of the grid; a press sorts. */
export function GridHead({ columns, order, activeColumn, onSort }: GridHeadProps) {
  return (
    <div role="rowgroup" className={styles.head}>
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus and names its active cell */}
      <div role="row" aria-rowindex={1} className={styles.headRow}>
        {columns.map((column, at) => {
          const isCurrent = column.orderField !== undefined && order?.field === column.orderField;
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: see above
            <div
              key={column.id}
              role="columnheader"
              id={cellId(-1, at)}
              aria-colindex={at + 1}
              aria-sort={isCurrent ? (order.descending ? 'descending' : 'ascending') : undefined}
              data-column={column.id}
              data-active={activeColumn === at || undefined}
              className={styles.headCell}
            >
              {column.orderField ? (
                <button type="button" tabIndex={-1} className={styles.sort} onClick={() => onSort(column)}>
                  {column.title}
                  {isCurrent && (order.descending ? <ArrowDownIcon /> : <ArrowUpIcon />)}
                </button>
              ) : (
                <span className={styles.sort}>{column.title}</span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
