import type { RecordedCall } from '../../rpc/recorder.ts';
import type { TimelineEntry } from './stream-timeline.ts';
import styles from './timeline-strip.module.css';

const width = 1000;
const height = 20;

export interface TimelineStripProps {
  readonly call: RecordedCall;
  readonly entries: readonly TimelineEntry[];
  readonly now: number;
}

/** The frames as strokes along the time: tall ones carry data, short ones are signs of life, a shaded stretch is a gap. The list below says the same in words. */
export function TimelineStrip({ call, entries, now }: TimelineStripProps) {
  const first = entries[0];
  if (!first) return null;
  const from = first.frame.at - first.sinceMs;
  const until = Math.max(call.ended?.at ?? now, entries.at(-1)?.frame.at ?? 0, from + 1);
  const x = (at: number) => ((at - from) / (until - from)) * width;
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
      className={styles.strip}
    >
      {entries.map(({ frame, note, sinceMs, isAfterGap }) => (
        <g key={frame.number}>
          {isAfterGap && (
            <rect
              className={styles.gap}
              x={x(frame.at - sinceMs)}
              y="0"
              width={x(frame.at) - x(frame.at - sinceMs)}
              height={height}
            />
          )}
          <path
            className={styles.stroke}
            data-kind={note.kind}
            d={`M${x(frame.at).toFixed(1)} ${note.kind === 'heartbeat' || note.kind === 'checkpoint' ? height / 2 : 2}V${height}`}
          />
        </g>
      ))}
    </svg>
  );
}
