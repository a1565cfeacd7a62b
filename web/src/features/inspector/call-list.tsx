import { type KeyboardEvent, memo, useEffect, useId, useLayoutEffect, useRef } from 'react';
import { useNow } from '../../lib/clock.ts';
import { formatDuration } from '../../lib/format-number.ts';
import type { RecordedCall } from '../../rpc/recorder.ts';
import { Badge } from '../../ui/chip.tsx';
import styles from './call-list.module.css';
import { formatBytes, formatWireTime, statusTone, statusWord, tookMs } from './call-words.ts';

export interface CallListProps {
  /** Oldest first. */
  readonly calls: readonly RecordedCall[];
  readonly isFiltered: boolean;
  readonly chosenId: number | undefined;
  readonly onChoose: (id: number) => void;
  /** Leads on into the chosen call. */
  readonly onEnter: () => void;
}

const pageRows = 10;

/** The calls, the newest last; it follows them while it is scrolled to its end, and else stays where it is. */
export function CallList({ calls, isFiltered, chosenId, onChoose, onEnter }: CallListProps) {
  const id = useId();
  const now = useNow(1000);
  const ref = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => ref.current?.focus({ preventScroll: true }), []);
  useLayoutEffect(() => {
    const list = ref.current;
    if (list && isAtEnd.current) list.scrollTop = list.scrollHeight;
  });
  const chosen = calls.findIndex((call) => call.id === chosenId);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && chosen >= 0) {
      event.preventDefault();
      onEnter();
      return;
    }
    const next = calls[indexByKey(event.key, chosen, calls.length) ?? -1];
    if (!next) return;
    event.preventDefault();
    onChoose(next.id);
    document.getElementById(`${id}-${next.id}`)?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <div className={styles.side}>
      <div className={styles.head} aria-hidden="true">
        <span>Method</span>
        <span>Status</span>
        <span>Started</span>
        <span className={styles.number}>Took</span>
        <span className={styles.number}>Up</span>
        <span className={styles.number}>Down</span>
      </div>
      <div
        ref={ref}
        role="listbox"
        aria-label="Calls"
        aria-activedescendant={chosen >= 0 ? `${id}-${chosenId}` : undefined}
        tabIndex={0}
        className={styles.list}
        onKeyDown={onKeyDown}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < 4;
        }}
      >
        {calls.map((call) => (
          <CallRow
            key={call.id}
            id={`${id}-${call.id}`}
            call={call}
            version={call.version}
            now={call.ended ? 0 : now}
            isChosen={call.id === chosenId}
            onChoose={onChoose}
          />
        ))}
      </div>
      {calls.length === 0 && (
        <p className={styles.none}>{isFiltered ? 'No call matches the filter.' : 'No calls yet.'}</p>
      )}
    </div>
  );
}

/** Where a key leads from a row; undefined where it is none of the list's keys. Without a row it starts at the end, where the newest are. */
function indexByKey(key: string, from: number, count: number): number | undefined {
  const to = (index: number) => Math.max(0, Math.min(count - 1, index));
  switch (key) {
    case 'ArrowDown':
      return from < 0 ? count - 1 : to(from + 1);
    case 'ArrowUp':
      return from < 0 ? count - 1 : to(from - 1);
    case 'PageDown':
      return to(from + pageRows);
    case 'PageUp':
      return to(from - pageRows);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

interface CallRowProps {
  readonly id: string;
  readonly call: RecordedCall;
  /** The call is the same object while it grows; this tells that it has. */
  readonly version: number;
  readonly now: number;
  readonly isChosen: boolean;
  readonly onChoose: (id: number) => void;
}

const CallRow = memo(function CallRow({ id, call, now, isChosen, onChoose }: CallRowProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list handles the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus
    <div id={id} role="option" aria-selected={isChosen} className={styles.row} onClick={() => onChoose(call.id)}>
      <span className={styles.method}>{call.method.name}</span>
      <span className={styles.status}>
        <Badge tone={statusTone(call)}>{statusWord(call)}</Badge>
      </span>
      <span>{formatWireTime(call.startedAt)}</span>
      <span className={styles.number}>{formatDuration(tookMs(call, now))}</span>
      <span className={styles.number}>{formatBytes(call.bytesUp)}</span>
      <span className={styles.number}>{formatBytes(call.bytesDown)}</span>
    </div>
  );
});
