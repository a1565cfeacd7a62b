import { useNow } from '../lib/clock.ts';
import { formatExactTime, formatRelativeTime } from '../lib/format-time.ts';
import styles from './relative-time.module.css';

/** A moment as one would say it, with the exact time and zone on hover. Undefined reads "Never". */
export function RelativeTime({ at }: { readonly at: number | undefined }) {
  const now = useNow(30_000);
  if (at === undefined) return <span>Never</span>;
  return (
    <time dateTime={new Date(at).toISOString()} data-tip={formatExactTime(at)} className={styles.time}>
      {formatRelativeTime(at, now)}
    </time>
  );
}
