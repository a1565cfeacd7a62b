import { type ReactNode, useId } from 'react';
import styles from './page.module.css';

export interface PageProps {
  readonly title: string;
  /** The button that brings the navigation on narrow screens. */
  readonly navigationButton: ReactNode;
  /** Stand at the end of the head. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page with a head of its own and sections below. */
export function Page({ title, navigationButton, actions, children }: PageProps) {
  return (
    <div className={styles.page}>
      <header className={styles.bar}>
        {navigationButton}
        <h1 className={styles.title}>{title}</h1>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      <div className={styles.scroll}>{children}</div>
    </div>
  );
}

export interface PageSectionProps {
  readonly title: string;
  /** Below the title: what this is for. */
  readonly description?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page: its heading beside it where there is room, else above. */
export function PageSection({ title, description, children }: PageSectionProps) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <header className={styles.sectionHead}>
        <h2 id={id} className={styles.sectionTitle}>
          {title}
        </h2>
        {description && <div className={styles.description}>{description}</div>}
      </header>
      <div className={styles.content}>{children}</div>
    </section>
  );
}
