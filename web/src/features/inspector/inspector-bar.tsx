import { countOf, formatCount } from '../../lib/format-number.ts';
import type { RecordedCall, Recorder } from '../../rpc/recorder.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { CloseIcon, PauseIcon, PlayIcon } from '../../ui/icons.tsx';
import styles from './inspector-bar.module.css';
import { recordingText } from './recording-file.ts';
import { saveFile } from './save-file.ts';

export interface InspectorBarProps {
  readonly recorder: Recorder;
  readonly isPaused: boolean;
  /** Those that the filter lets through; they are what is saved. */
  readonly calls: readonly RecordedCall[];
  readonly callCount: number;
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  readonly onClose: () => void;
}

/** What one can do with the recording as a whole. */
export function InspectorBar(props: InspectorBarProps) {
  const { recorder, isPaused, calls, callCount, filter, onFilter, onClose } = props;
  const isFiltered = calls.length < callCount;
  return (
    <header className={styles.bar}>
      <h2 className={styles.title}>Wire inspector</h2>
      <input
        type="text"
        aria-label="Filter calls by method, status or request id"
        placeholder="Method or status"
        autoComplete="off"
        spellCheck={false}
        className={styles.filter}
        value={filter}
        onChange={(event) => onFilter(event.currentTarget.value)}
      />
      <span className={styles.count}>
        {isFiltered
          ? `${formatCount(calls.length)} of ${countOf(callCount, 'call', 'calls')}`
          : countOf(callCount, 'call', 'calls')}
        {isPaused && ', paused'}
      </span>
      <div className={styles.actions}>
        <Button
          variant="quiet"
          size="small"
          icon={isPaused ? <PlayIcon /> : <PauseIcon />}
          onClick={() => recorder.pause(!isPaused)}
        >
          {isPaused ? 'Resume' : 'Pause'}
        </Button>
        <Button variant="quiet" size="small" onClick={() => recorder.clear()}>
          Clear
        </Button>
        <Button
          variant="quiet"
          size="small"
          onClick={() => {
            const savedAt = Date.now();
            const name = `roster-wire-${new Date(savedAt).toISOString().replaceAll(':', '-')}.json`;
            saveFile(name, 'application/json', recordingText(calls, savedAt, location.origin));
          }}
        >
          Save
        </Button>
        <IconButton label="Close the inspector" shortcut="Esc" size="small" icon={<CloseIcon />} onClick={onClose} />
      </div>
    </header>
  );
}
