import { useCallback, useEffect, useRef, useState } from 'react';
import { narrowScreen, useMedia } from '../../lib/media.ts';
import { useStored } from '../../lib/stored.ts';
import type { Recorder } from '../../rpc/recorder.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { CallDetail } from './call-detail.tsx';
import { CallList } from './call-list.tsx';
import { matchesFilter } from './call-words.ts';
import { DrawerEdge, parseHeight } from './drawer-edge.tsx';
import { InspectorBar } from './inspector-bar.tsx';
import styles from './inspector-drawer.module.css';
import { useRecorder } from './use-recorder.ts';

export interface InspectorDrawerProps {
  readonly recorder: Recorder;
  readonly onClose: () => void;
}

/** Every call of this session as it went over the wire: docked at the foot of the page, on a narrow screen a sheet. */
export function InspectorDrawer({ recorder, onClose }: InspectorDrawerProps) {
  const isNarrow = useMedia(narrowScreen);
  const [height, setHeight] = useStored('inspector.height', parseHeight);
  const content = <Inspector recorder={recorder} onClose={onClose} />;
  useFocusBack();
  if (isNarrow) {
    return (
      <Dialog kind="sheet-right" title="Wire inspector" onClose={onClose}>
        {content}
      </Dialog>
    );
  }
  return (
    <section
      aria-label="Wire inspector"
      className={styles.drawer}
      style={{ height }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      }}
    >
      <DrawerEdge height={height} onResize={setHeight} />
      {content}
    </section>
  );
}

/** Gives the focus back to what had it before the drawer took it, unless it has moved on. */
function useFocusBack(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      const isLost = document.activeElement === document.body || !document.activeElement?.isConnected;
      if (before instanceof HTMLElement && before.isConnected && isLost) before.focus();
    },
    [before],
  );
}

function Inspector({ recorder, onClose }: InspectorDrawerProps) {
  const { calls, isPaused } = useRecorder(recorder);
  const [filter, setFilter] = useState('');
  const [chosenId, setChosenId] = useState<number>();
  const detailRef = useRef<HTMLElement>(null);
  const shown = calls.filter((call) => matchesFilter(call, filter));
  const chosen = calls.find(({ id }) => id === chosenId);
  const enter = useCallback(() => detailRef.current?.focus(), []);
  return (
    <div className={styles.inspector}>
      <InspectorBar
        recorder={recorder}
        isPaused={isPaused}
        calls={shown}
        callCount={calls.length}
        filter={filter}
        onFilter={setFilter}
        onClose={onClose}
      />
      <div className={styles.split} data-chosen={chosen ? true : undefined}>
        <CallList
          calls={shown}
          isFiltered={shown.length < calls.length}
          chosenId={chosenId}
          onChoose={setChosenId}
          onEnter={enter}
        />
        <CallDetail ref={detailRef} call={chosen} onBack={() => setChosenId(undefined)} />
      </div>
    </div>
  );
}
