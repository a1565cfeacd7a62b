import { useId } from 'react';
import { formatDate } from '../../../lib/format-time.ts';
import { Popover } from '../../../ui/popover.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import styles from './chips.module.css';
import { ClearButton, chipTrigger } from './choice-chip.tsx';
import { type HistoryUrl, type SpanWord, spanWords } from './history-url.ts';

const labels: Readonly<Record<SpanWord, string>> = {
  hour: 'Last hour',
  day: 'Last 24 hours',
  week: 'Last 7 days',
  month: 'Last 30 days',
};

type Time = Pick<HistoryUrl, 'time' | 'from' | 'to'>;

/** Narrows the list by when: the last hours or days, or between two days. */
export function TimeChip({ url, onChange }: { readonly url: Time; readonly onChange: (time: Time) => void }) {
  const name = useId();
  const { time, from, to } = url;
  return (
    <Popover label="Filter by time" width={280} trigger={chipTrigger('Time', timeWords(url))}>
      {(close) => (
        <div className={styles.choices}>
          <div role="radiogroup" aria-label="Time">
            {spanWords.map((span) => (
              <label key={span} className={styles.choice}>
                <input
                  type="radio"
                  name={name}
                  className={styles.radio}
                  checked={span === time}
                  onChange={() => onChange({ time: span, from: undefined, to: undefined })}
                />
                {labels[span]}
              </label>
            ))}
          </div>
          <div className={styles.days}>
            <TextField
              label="From"
              type="date"
              value={from ?? ''}
              onChange={(day) => onChange({ time: undefined, from: day || undefined, to })}
            />
            <TextField
              label="To"
              type="date"
              value={to ?? ''}
              onChange={(day) => onChange({ time: undefined, from, to: day || undefined })}
            />
          </div>
          {timeWords(url) !== undefined && (
            <ClearButton
              words="Any time"
              onClear={() => {
                close();
                onChange({ time: undefined, from: undefined, to: undefined });
              }}
            />
          )}
        </div>
      )}
    </Popover>
  );
}

/** The chosen time in words; undefined for any. */
export function timeWords({ time, from, to }: Time): string | undefined {
  if (time) return labels[time].toLowerCase();
  const day = (text: string) => formatDate(new Date(`${text}T12:00:00`).getTime(), Date.now());
  if (from && to) return from === to ? day(from) : `${day(from)} to ${day(to)}`;
  if (from) return `since ${day(from)}`;
  return to && `until ${day(to)}`;
}
