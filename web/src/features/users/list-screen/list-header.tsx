import type { ReactNode } from 'react';
import { formatCount } from '../../../lib/format-number.ts';
import { LiveState } from '../../../live/live-state.tsx';
import { Button } from '../../../ui/button.tsx';
import { ArrowUpIcon, PlusIcon } from '../../../ui/icons.tsx';
import type { UserListSnapshot } from '../list/user-list.ts';
import { filterErrorOf } from './filter-error.ts';
import styles from './list-header.module.css';

export interface ListHeaderProps {
  readonly snapshot: UserListSnapshot;
  readonly filter: string;
  /** A panel is open, and its own button is the primary one. */
  readonly hasPanel: boolean;
  /** The button that brings the navigation on narrow screens. */
  readonly navigationButton: ReactNode;
  /** Lets in the rows that wait. */
  readonly onArrivals: () => void;
  /** Undefined for whoever may not create anybody. */
  readonly onCreate: (() => void) | undefined;
  readonly onRetry: () => void;
}

/** The name of the list, how many are in it, how fresh it is, and the one primary button. */
export function ListHeader(props: ListHeaderProps) {
  const { snapshot, filter, hasPanel, navigationButton, onArrivals, onCreate, onRetry } = props;
  return (
    <header className={styles.bar}>
      {navigationButton}
      <h1 className={styles.title}>Users</h1>
      <Count snapshot={snapshot} filter={filter} />
      {/* A filter that cannot be read has words of its own. */}
      {!filterErrorOf(snapshot.error) && <LiveState snapshot={snapshot} onRetry={onRetry} />}
      {snapshot.arrivals > 0 && (
        <button type="button" className={styles.arrivals} onClick={onArrivals}>
          <ArrowUpIcon />
          {formatCount(snapshot.arrivals)} new
        </button>
      )}
      {onCreate && (
        <Button
          variant={hasPanel ? 'secondary' : 'primary'}
          size="small"
          icon={<PlusIcon />}
          className={styles.create}
          aria-keyshortcuts="n"
          data-tip="New user"
          data-tip-keys="N"
          onClick={onCreate}
        >
          New user
        </Button>
      )}
    </header>
  );
}

function Count({
  snapshot: { total, isPrevious, error },
  filter,
}: {
  readonly snapshot: UserListSnapshot;
  readonly filter: string;
}) {
  if (isPrevious) return <span className={styles.loading}>{error ? 'Not filtered' : 'Loading'}</span>;
  if (!total) return null;
  const size = `${formatCount(total.size)}${total.isMinimum ? '+' : ''}`;
  if (filter && total.size === 0) return <span className={styles.count}>No matches</span>;
  return <span className={styles.count}>{filter ? `${size} ${total.size === 1 ? 'matches' : 'match'}` : size}</span>;
}
