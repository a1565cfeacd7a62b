import type { ReactNode } from 'react';
import { useTitle } from '../../lib/use-title.ts';
import styles from './visitor-card.module.css';

export interface VisitorCardProps {
  readonly title: string;
  /** What this is for, in a sentence or two. */
  readonly words?: ReactNode;
  readonly children?: ReactNode;
  /** Stands below the card, quietly. */
  readonly foot?: ReactNode;
}

/** The one thing on a page for whoever is not signed in. */
export function VisitorCard({ title, words, children, foot }: VisitorCardProps) {
  useTitle(title);
  return (
    <main className={styles.page}>
      <div className={styles.column}>
        <p className={styles.brand}>
          <Mark />
          Roster
        </p>
        <section className={styles.card} aria-labelledby="card-title">
          <header className={styles.head}>
            <h1 id="card-title" className={styles.title}>
              {title}
            </h1>
            {words && <div className={styles.words}>{words}</div>}
          </header>
          {children}
        </section>
        {foot && <div className={styles.foot}>{foot}</div>}
      </div>
    </main>
  );
}

/** The list, as a sign. */
function Mark() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" className={styles.mark}>
      <rect width="20" height="20" rx="5" fill="currentColor" />
      <path d="M8.75 6.25h6M8.75 10h6M8.75 13.75h4.25" stroke="var(--page)" strokeWidth="1.6" strokeLinecap="round" />
      <path d="M5.5 6.25v.01M5.5 10v.01M5.5 13.75v.01" stroke="var(--page)" strokeWidth="2.2" strokeLinecap="round" />
    </svg>
  );
}
