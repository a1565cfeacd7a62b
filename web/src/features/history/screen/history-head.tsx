import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { Segmented } from '../../../ui/segmented.tsx';
import styles from './history-screen.module.css';

export const tabs = ['changes', 'sign-ins', 'refused'] as const;
export type Tab = (typeof tabs)[number];

const labels: Readonly<Record<Tab, string>> = { changes: 'Changes', 'sign-ins': 'Sign-ins', refused: 'Refused' };

export interface HistoryHeadProps {
  readonly tab: Tab;
  /** The tabs that the person may open. */
  readonly allowed: readonly Tab[];
  /** The button that brings the navigation on narrow screens. */
  readonly navigationButton: ReactNode;
  readonly children?: ReactNode;
}

/** The name of the page, its parts, and how fresh what is shown is. */
export function HistoryHead({ tab, allowed, navigationButton, children }: HistoryHeadProps) {
  const [, navigate] = useLocation();
  return (
    <header className={styles.bar}>
      {navigationButton}
      <h1 className={styles.title}>History</h1>
      {allowed.length > 1 && (
        <div className={styles.tabs}>
          <Segmented
            label="What happened"
            value={tab}
            options={allowed.map((value) => ({ value, label: labels[value] }))}
            onChange={(next) => navigate(next === 'changes' ? '/history' : `/history/${next}`)}
          />
        </div>
      )}
      {children}
    </header>
  );
}
