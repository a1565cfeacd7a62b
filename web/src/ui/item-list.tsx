import type { ReactNode } from 'react';
import styles from './item-list.module.css';

export interface ItemListProps {
  readonly label: string;
  readonly children: ReactNode;
}

/** A short list of things with what one can do to each. */
export function ItemList({ label, children }: ItemListProps) {
  return (
    <ul aria-label={label} className={styles.list}>
      {children}
    </ul>
  );
}

export interface ItemProps {
  readonly icon?: ReactNode;
  readonly title: ReactNode;
  /** A state beside the title. */
  readonly badge?: ReactNode;
  /** One line, in parts that are set apart. */
  readonly facts: readonly ReactNode[];
  readonly actions?: ReactNode;
  /** What is asked or said about it, in its place. */
  readonly below?: ReactNode;
}

export function Item({ icon, title, badge, facts, actions, below }: ItemProps) {
  return (
    <li className={styles.item}>
      <div className={styles.line}>
        {icon && <span className={styles.icon}>{icon}</span>}
        <div className={styles.words}>
          <p className={styles.title}>
            <span className={styles.name}>{title}</span>
            {badge}
          </p>
          <p className={styles.facts}>
            {facts.filter(Boolean).map((fact, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one line keep their places
              <span key={index}>{fact}</span>
            ))}
          </p>
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      {below && <div className={styles.below}>{below}</div>}
    </li>
  );
}
