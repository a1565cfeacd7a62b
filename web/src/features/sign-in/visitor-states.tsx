import type { ReactNode } from 'react';
import type { AppError } from '../../rpc/app-error.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import styles from './visitor-states.module.css';

/** The shape of what is coming; it appears only when that takes a moment. */
export function CardLoading() {
  return (
    <div role="status" aria-label="Loading" className={styles.skeleton}>
      {['first', 'second'].map((field) => (
        <div key={field} className={styles.field}>
          <Skeleton width={56} />
          <Skeleton width="100%" height={32} />
        </div>
      ))}
      <Skeleton width="100%" height={36} />
    </div>
  );
}

export function CardFailed(props: {
  readonly error: AppError;
  readonly isRetrying: boolean;
  readonly onRetry: () => void;
}) {
  const { error, isRetrying, onRetry } = props;
  return (
    <>
      <Notice tone="bad">{error.message}</Notice>
      <Button isBusy={isRetrying} onClick={onRetry}>
        Try again
      </Button>
    </>
  );
}

/** A line that one runs on the machine, and below it what it does. */
export function HostCommand({ children, copy }: { readonly children: ReactNode; readonly copy: ReactNode }) {
  return (
    <div className={styles.command}>
      <code className={styles.code}>{children}</code>
      {copy}
    </div>
  );
}
