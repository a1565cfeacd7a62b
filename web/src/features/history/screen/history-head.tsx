import { createContext, type ReactNode, useContext } from 'react';
import { createPortal } from 'react-dom';
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
  /** Is handed the place where a tab says how fresh it is. */
  readonly endRef: (end: HTMLElement | null) => void;
}

/** The name of the page and its parts. One for all tabs: the keys that walk through them keep their focus. */
export function HistoryHead({ tab, allowed, navigationButton, endRef }: HistoryHeadProps) {
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
      <div ref={endRef} className={styles.fresh} />
    </header>
  );
}

export const HeadEndContext = createContext<HTMLElement | null>(null);

/** What a tab draws at the end of the head: how fresh what is shown is. */
export function HeadEnd({ children }: { readonly children: ReactNode }) {
  const end = useContext(HeadEndContext);
  return end && createPortal(children, end);
}
