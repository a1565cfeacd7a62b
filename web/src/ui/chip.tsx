import type { ReactNode } from 'react';
import styles from './chip.module.css';
import { classNames } from './class-names.ts';

/** A short value that stands for itself, for example a tag. */
export function Chip({ children, isMono = false }: { readonly children: string; readonly isMono?: boolean }) {
  return (
    <bdi className={classNames(styles.chip, isMono && styles.mono)} data-tip={children} data-tip-cut="">
      {children}
    </bdi>
  );
}

export type BadgeTone = 'plain' | 'good' | 'warn' | 'bad';

/** A state: always a word and a shape, coloured only where it matters. */
export function Badge({ tone, children }: { readonly tone: BadgeTone; readonly children: ReactNode }) {
  return (
    <span className={styles.badge} data-tone={tone}>
      <Shape tone={tone} />
      {children}
    </span>
  );
}

function Shape({ tone }: { readonly tone: BadgeTone }) {
  return (
    <svg width="8" height="8" viewBox="0 0 8 8" fill="currentColor" aria-hidden="true" className={styles.shape}>
      {tone === 'good' && <circle cx="4" cy="4" r="3" />}
      {tone === 'plain' && <circle cx="4" cy="4" r="2.5" fill="none" stroke="currentColor" />}
      {tone === 'warn' && <path d="M1.5 1h1.75v6H1.5zM4.75 1H6.5v6H4.75z" />}
      {tone === 'bad' && <path d="M4 .5 7.5 7h-7z" />}
    </svg>
  );
}
