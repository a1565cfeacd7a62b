import { useEffect, useMemo, useState } from 'react';
import { useNow } from '../lib/clock.ts';
import { countOf, formatDuration } from '../lib/format-number.ts';
import { formatClock } from '../lib/format-time.ts';
import { Button } from '../ui/button.tsx';
import { Popover } from '../ui/popover.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import type { Connection } from './connection.ts';
import { type ConnectionWords, connectionWords } from './connection-words.ts';
import styles from './live-state.module.css';

/** What is known of the connection behind a live list. */
export interface LiveFacts {
  readonly connection: Connection;
  readonly lastFrameAt: number | undefined;
  readonly feedLagMs: number | undefined;
  readonly roundTripMs: number | undefined;
  readonly reconnects: number;
}

export interface LiveStateProps {
  readonly snapshot: LiveFacts;
  readonly onRetry: () => void;
}

/** The words for the connection, renewed while they count down. */
export function useConnectionWords({ connection }: Pick<LiveFacts, 'connection'>): ConnectionWords {
  const now = useNow(connection.kind === 'reconnecting' ? 500 : 30_000);
  return useMemo(() => connectionWords(connection, now), [connection, now]);
}

/** A dot and a word that say how fresh the list is; a press tells more. */
export function LiveState({ snapshot, onRetry }: LiveStateProps) {
  const { tone, words, meaning } = useSettled(useConnectionWords(snapshot));
  return (
    <Popover
      label="Connection"
      width={320}
      trigger={{
        variant: 'quiet',
        size: 'small',
        className: styles.state,
        icon: <StatusDot tone={tone} />,
        children: words,
      }}
    >
      {(close) => (
        <>
          <p className={styles.meaning}>{meaning}</p>
          <Facts snapshot={snapshot} />
          {snapshot.connection.kind !== 'live' && snapshot.connection.kind !== 'catching-up' && (
            <Button
              size="small"
              onClick={() => {
                close();
                onRetry();
              }}
            >
              Connect now
            </Button>
          )}
        </>
      )}
    </Popover>
  );
}

function Facts({ snapshot }: { readonly snapshot: LiveFacts }) {
  const now = useNow(1000);
  const { lastFrameAt, feedLagMs, roundTripMs, reconnects, connection } = snapshot;
  const facts: readonly (readonly [string, string])[] = [
    ['Last heard', lastFrameAt === undefined ? 'Never' : `${formatDuration(Math.max(0, now - lastFrameAt))} ago`],
    ['Live since', connection.kind === 'live' ? formatClock(connection.since) : 'Not now'],
    ['Feed lag', feedLagMs === undefined ? 'Not measured yet' : formatDuration(feedLagMs)],
    ['Round trip', roundTripMs === undefined ? 'Not measured yet' : formatDuration(roundTripMs)],
    ['Reconnected', reconnects === 0 ? 'Never' : countOf(reconnects, 'time', 'times')],
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Words of a passing state (connecting, catching up) wait a moment, so that they do not flicker by. */
const passingMs = 400;

function useSettled(words: ConnectionWords): ConnectionWords {
  const [shown, setShown] = useState(words);
  const isPassing = words.tone === 'waiting' && shown.tone !== 'waiting';
  useEffect(() => {
    const timer = setTimeout(() => setShown(words), isPassing ? passingMs : 0);
    return () => clearTimeout(timer);
  }, [words, isPassing]);
  return isPassing ? shown : words;
}
