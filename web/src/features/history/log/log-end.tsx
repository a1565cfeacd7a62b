import { useEffect, useState } from 'react';
import type { AppError } from '../../../rpc/app-error.ts';
import { Button } from '../../../ui/button.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import styles from './log-end.module.css';

/** What stands below the last entry: older ones are on their way, could not be read, or there are none. */
export function LogEnd(props: {
  readonly hasMore: boolean;
  readonly error: AppError | undefined;
  readonly words: string;
  readonly onRetry: () => void;
}) {
  const { hasMore, error, words, onRetry } = props;
  if (error) {
    return (
      <div role="alert" className={styles.end}>
        <span>Older entries could not be read. {error.message}</span>
        <Button size="small" onClick={onRetry}>
          Try again
        </Button>
      </div>
    );
  }
  if (hasMore) return <Lines count={3} />;
  return <p className={styles.end}>{words}</p>;
}

const patienceMs = 150;

/** Bars in the place of a page that is on its way; they appear only when that takes a moment. */
export function LogSkeleton() {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label="Loading the history" className={styles.skeleton}>
      {isLate && <Lines count={14} />}
    </div>
  );
}

function Lines({ count }: { readonly count: number }) {
  return Array.from({ length: count }, (_, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: one bar is like the other
    <div key={index} className={styles.line}>
      <Skeleton width={20} height={20} />
      <Skeleton width={`${38 + ((index * 17) % 40)}%`} />
    </div>
  ));
}
