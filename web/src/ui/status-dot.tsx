import styles from './status-dot.module.css';

export type StatusTone = 'live' | 'waiting' | 'warn' | 'bad';

/** A dot whose shape says the state as well as its colour: full, ring, half, crossed. Always beside a word. */
export function StatusDot({ tone }: { readonly tone: StatusTone }) {
  return (
    <svg
      width="10"
      height="10"
      viewBox="0 0 10 10"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      aria-hidden="true"
      className={styles.dot}
      data-tone={tone}
    >
      {tone === 'live' && <circle cx="5" cy="5" r="3.5" fill="currentColor" stroke="none" />}
      {tone === 'waiting' && <circle cx="5" cy="5" r="3.25" strokeDasharray="12 8.4" />}
      {tone === 'warn' && (
        <>
          <circle cx="5" cy="5" r="3.25" />
          <path d="M5 1.75a3.25 3.25 0 0 1 0 6.5z" fill="currentColor" stroke="none" />
        </>
      )}
      {tone === 'bad' && <path d="M2.25 2.25l5.5 5.5M7.75 2.25l-5.5 5.5" />}
    </svg>
  );
}
