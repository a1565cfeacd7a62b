import { useState } from 'react';
import { useNow } from '../../lib/clock.ts';
import { countOf, formatCount, formatDuration } from '../../lib/format-number.ts';
import type { RecordedCall } from '../../rpc/recorder.ts';
import { Button } from '../../ui/button.tsx';
import { WarningIcon } from '../../ui/icons.tsx';
import { formatBytes, formatWireTime } from './call-words.ts';
import { MessageBlock } from './message-block.tsx';
import styles from './stream-frames.module.css';
import { isGap, streamTimeline, type TimelineEntry } from './stream-timeline.ts';
import { TimelineStrip } from './timeline-strip.tsx';

const drawnAtFirst = 50;

/** The frames of a stream in their order, the newest last: what each says, and the silences between them. */
export function StreamFrames({ call }: { readonly call: RecordedCall }) {
  const [most, setMost] = useState(drawnAtFirst);
  const now = useNow(1000);
  const entries = streamTimeline(call);
  const drawn = entries.slice(-most);
  const gaps = entries.filter(({ isAfterGap }) => isAfterGap).length;
  const silenceMs = now - (call.frames.at(-1)?.at ?? call.startedAt);
  return (
    <section className={styles.section}>
      <h4 className={styles.title}>
        Frames{' '}
        <small>
          {formatCount(call.frameCount)}
          {call.frameCount > entries.length && `, the last ${formatCount(entries.length)} recorded`}
          {gaps > 0 && `, ${countOf(gaps, 'gap', 'gaps')}`}
        </small>
      </h4>
      <TimelineStrip call={call} entries={entries} now={now} />
      {drawn.length < entries.length && (
        <Button size="small" variant="quiet" onClick={() => setMost(most * 4)}>
          Show earlier frames
        </Button>
      )}
      <ol className={styles.frames}>
        {drawn.map((entry) => (
          <Frame key={entry.frame.number} call={call} entry={entry} />
        ))}
      </ol>
      {!call.ended && isGap(silenceMs) && (
        <p className={styles.gap}>
          <WarningIcon /> Silent for {formatDuration(silenceMs)}
        </p>
      )}
    </section>
  );
}

interface FrameProps {
  readonly call: RecordedCall;
  readonly entry: TimelineEntry;
}

function Frame({ call, entry }: FrameProps) {
  const { frame, note, sinceMs, isAfterGap } = entry;
  const [isOpen, setOpen] = useState(false);
  return (
    <li>
      {isAfterGap && (
        <p className={styles.gap}>
          <WarningIcon /> Gap of {formatDuration(sinceMs)}
        </p>
      )}
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className={styles.frame} data-kind={note.kind}>
          <span>{formatWireTime(frame.at)}</span>
          <span className={styles.since}>+{formatDuration(sinceMs)}</span>
          <span className={styles.kind}>{note.kind}</span>
          <bdi className={styles.words}>{note.words}</bdi>
          <span className={styles.size}>{formatBytes(frame.size)}</span>
        </summary>
        {isOpen && <MessageBlock label={`Frame ${note.kind}`} type={call.method.O} body={frame} />}
      </details>
    </li>
  );
}
