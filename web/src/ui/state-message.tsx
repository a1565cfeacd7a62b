import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './state-message.module.css';

export interface EmptyStateProps {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
}

/** Nothing is here, and what one can do about it. */
export function EmptyState({ icon, title, children, actions, className }: EmptyStateProps) {
  return (
    <div className={classNames(styles.state, className)}>
      {icon && <span className={styles.icon}>{icon}</span>}
      <h2 className={styles.title}>{title}</h2>
      {children && <div className={styles.words}>{children}</div>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

export interface ErrorStateProps extends EmptyStateProps {
  /** Shown small, for whoever reads the log. */
  readonly requestId?: string | undefined;
}

/**
 * What happened, what it means for the data on screen, one action. The words are spoken at once, and again only when they are others: the request stands
 * beside them, for each retry has its own.
 */
export function ErrorState({ icon, title, children, actions, requestId, className }: ErrorStateProps) {
  return (
    <div className={classNames(styles.state, className)}>
      <div role="alert" className={styles.alert}>
        {icon && <span className={styles.icon}>{icon}</span>}
        <h2 className={styles.title}>{title}</h2>
        {children && <div className={styles.words}>{children}</div>}
      </div>
      {requestId && (
        <p className={styles.request}>
          Request <code>{requestId}</code>
        </p>
      )}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
