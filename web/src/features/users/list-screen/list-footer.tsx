import { formatCount, formatDuration } from '../../../lib/format-number.ts';
import { Kbd } from '../../../ui/kbd.tsx';
import type { UserListSnapshot } from '../list/user-list.ts';
import styles from './list-footer.module.css';

export interface ListFooterProps {
  readonly snapshot: UserListSnapshot;
  readonly onInspect: () => void;
}

/** One quiet line for the curious. */
export function ListFooter({ snapshot, onInspect }: ListFooterProps) {
  const { loadedRows, rowCount, roundTripMs, feedLagMs } = snapshot;
  return (
    <footer className={styles.foot}>
      {rowCount > 0 && (
        <span>
          {formatCount(loadedRows)} of {formatCount(rowCount)} rows loaded
        </span>
      )}
      {roundTripMs !== undefined && <span>Round trip {formatDuration(roundTripMs)}</span>}
      {feedLagMs !== undefined && <span>Feed lag {formatDuration(feedLagMs)}</span>}
      <span className={styles.keys}>
        <Kbd>↑</Kbd>
        <Kbd>↓</Kbd> move <Kbd>Enter</Kbd> open <Kbd>/</Kbd> filter <Kbd>?</Kbd> keys
      </span>
      <button
        type="button"
        className={styles.inspect}
        data-tip="What went over the wire"
        data-tip-keys="I"
        onClick={onInspect}
      >
        Inspector
      </button>
    </footer>
  );
}
