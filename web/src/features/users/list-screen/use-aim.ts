import { useLayoutEffect, useState } from 'react';
import type { UserList } from '../list/user-list.ts';
import { type Aim, createAim } from './aim.ts';

/** Who is meant by a press, where the rows from `first` on (`last` excluded) are drawn. What another query shows is not what moved. */
export function useAim(list: UserList, { first, last }: { readonly first: number; readonly last: number }): Aim {
  const [aim] = useState(createAim);
  const { query } = list;
  useLayoutEffect(() => {
    const rows = new Map<number, string>();
    for (let index = first; index < last; index += 1) {
      const row = list.rowAt(index);
      if (row) rows.set(index, row.user.id);
    }
    aim.drawn(rows, performance.now());
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each query
  useLayoutEffect(() => aim.forget(), [aim, query]);
  return aim;
}
