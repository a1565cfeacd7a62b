/** The active cell. Row -1 is the head. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
  /** Rows that a page key passes over. */
  readonly page: number;
}

/** Where a key leads from a cell, after the ARIA grid pattern with `j` and `k` beside the arrows; undefined where it is none of the grid's keys. */
export function moveByKey(key: string, isControl: boolean, from: Cell, size: GridSize): Cell | undefined {
  const lastRow = size.rows - 1;
  const lastColumn = size.columns - 1;
  const to = (row: number, column: number): Cell => ({
    row: Math.max(-1, Math.min(row, lastRow)),
    column: Math.max(0, Math.min(column, lastColumn)),
  });
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return to(isControl ? lastRow : from.row + 1, from.column);
    case 'ArrowUp':
    case 'k':
      return to(isControl ? 0 : from.row - 1, from.column);
    case 'ArrowRight':
      return to(from.row, isControl ? lastColumn : from.column + 1);
    case 'ArrowLeft':
      return to(from.row, isControl ? 0 : from.column - 1);
    case 'PageDown':
      return to(from.row + size.page, from.column);
    case 'PageUp':
      return to(Math.max(0, from.row - size.page), from.column);
    case 'Home':
      return isControl ? to(0, 0) : to(from.row, 0);
    case 'End':
      return isControl ? to(lastRow, lastColumn) : to(from.row, lastColumn);
    default:
      return undefined;
  }
}
