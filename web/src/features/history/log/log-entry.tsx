import { type ReactNode, useId } from 'react';
import { formatClock, formatExactTime } from '../../../lib/format-time.ts';
import { ChevronRightIcon } from '../../../ui/icons.tsx';
import { InitialsDisc } from '../../../ui/initials-disc.tsx';
import type { EntryFrame } from './day-log.tsx';
import styles from './log-entry.module.css';

export interface LogEntryProps {
  readonly frame: EntryFrame;
  /** Who did it. */
  readonly who: string;
  readonly words: ReactNode;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  /** What unfolds. */
  readonly children: ReactNode;
}

/** One line of the log: who, what, when; a press unfolds the rest. */
export function LogEntry({ frame, who, words, at, isOpen, onToggle, children }: LogEntryProps) {
  const id = useId();
  return (
    <article
      {...frame.position}
      aria-labelledby={`${id}-words`}
      className={styles.entry}
      data-open={isOpen || undefined}
    >
      <h3 className={styles.head}>
        <button
          type="button"
          {...frame.button}
          aria-expanded={isOpen}
          aria-controls={isOpen ? `${id}-detail` : undefined}
          className={styles.line}
          onClick={onToggle}
        >
          <InitialsDisc name={who} />
          <span id={`${id}-words`} className={styles.words}>
            <bdi className={styles.who}>{who}</bdi> {words}
          </span>
          <time dateTime={new Date(at).toISOString()} data-tip={formatExactTime(at)} className={styles.time}>
            {formatClock(at)}
          </time>
          <span className={styles.fold}>
            <ChevronRightIcon />
          </span>
        </button>
      </h3>
      {isOpen && (
        <div id={`${id}-detail`} className={styles.detail}>
          {children}
        </div>
      )}
    </article>
  );
}
