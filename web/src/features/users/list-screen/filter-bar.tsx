import type { Ref } from 'react';
import type { UserListQuery, UserListSnapshot } from '../list/user-list.ts';
import { useColumns } from './columns.tsx';
import { useDensity } from './density.ts';
import { DisplayPopover } from './display-popover.tsx';
import styles from './filter-bar.module.css';
import { FilterBox } from './filter-box.tsx';
import { FilterChip } from './filter-chip.tsx';
import { filterErrorOf } from './filter-error.ts';
import type { ListUrlChange } from './use-list-url.ts';

export interface FilterBarProps {
  readonly query: UserListQuery;
  readonly snapshot: UserListSnapshot;
  readonly change: (change: ListUrlChange) => void;
  readonly onLeave: () => void;
  readonly ref: Ref<{ focus(): void }>;
}

/** What the list shows and how: the filter, its chips, rows and columns. */
export function FilterBar({ query, snapshot, change, onLeave, ref }: FilterBarProps) {
  const [density, setDensity] = useDensity();
  const columnChoice = useColumns();
  const facets = snapshot.total?.facets;
  const onChip = (filter: string) => change({ filter });
  return (
    <div className={styles.bar}>
      <FilterBox
        ref={ref}
        filter={query.filter}
        error={filterErrorOf(snapshot.error)}
        onChange={(filter, { isSameVisit }) => {
          if (filter !== query.filter) change({ filter, isReplaced: isSameVisit });
        }}
        onLeave={onLeave}
      />
      <div className={styles.chips}>
        <FilterChip field="role" title="Role" filter={query.filter} facets={facets} onChange={onChip} />
        <FilterChip field="state" title="State" filter={query.filter} facets={facets} onChange={onChip} />
        <DisplayPopover density={density} onDensity={setDensity} columnChoice={columnChoice} />
      </div>
    </div>
  );
}
