import { useCallback, useState } from 'react';
import type { UserList } from '../list/user-list.ts';
import type { Cell } from './grid-keys.ts';

/**
 * The active cell of the grid.
 *
 * It stays with its person when rows above come or go; with its place when the person is gone.
 */
export function useActiveCell(
  list: UserList,
  rowCount: number,
): { readonly active: Cell | undefined; readonly setActive: (cell: Cell) => void } {
  const [held, setHeld] = useState<{ readonly cell: Cell; readonly id: string | undefined }>();
  const setActive = useCallback((cell: Cell) => setHeld({ cell, id: list.rowAt(cell.row)?.user.id }), [list]);
  if (!held) return { active: undefined, setActive };
  const row = (held.id !== undefined && held.cell.row >= 0 ? list.indexOf(held.id) : undefined) ?? held.cell.row;
  return { active: { row: Math.min(row, rowCount - 1), column: held.cell.column }, setActive };
}
