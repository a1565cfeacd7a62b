import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useTitle } from '../lib/use-title.ts';
import { SearchIcon } from '../ui/icons.tsx';
import { EmptyState } from '../ui/state-message.tsx';
import styles from './not-found.module.css';

/** An address that leads nowhere. */
export function NotFound({ navigationButton }: { readonly navigationButton: ReactNode }) {
  useTitle('Not found');
  return (
    <div className={styles.page}>
      {navigationButton}
      <EmptyState
        icon={<SearchIcon />}
        title="There is nothing at this address"
        actions={
          <Link href="/users" className={styles.link}>
            Go to the users
          </Link>
        }
      >
        It may have been mistyped, or what was here is gone.
      </EmptyState>
    </div>
  );
}
