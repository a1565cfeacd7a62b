import { type KeyboardEvent, type PointerEvent, type ReactNode, type Ref, Suspense, useRef } from 'react';
import { noRoomForPanel, useMedia } from '../../../lib/media.ts';
import { useStored } from '../../../lib/stored.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import styles from './panel-slot.module.css';

const narrowest = 360;
const widest = 720;
const usual = 440;
const stepPx = 16;

function parseWidth(text: string | undefined): number {
  const width = Number(text ?? usual);
  return Number.isFinite(width) ? Math.min(widest, Math.max(narrowest, Math.round(width))) : usual;
}

export interface PanelSlotProps {
  readonly ref: Ref<HTMLElement>;
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The place of the panel: at the right of the list, as wide as the person made it; on a narrow screen a sheet. */
export function PanelSlot({ ref, label, onClose, children }: PanelSlotProps) {
  const isNarrow = useMedia(noRoomForPanel);
  const [width, setWidth] = useStored('users.panelWidth', parseWidth);
  const content = <Suspense fallback={<PanelSkeleton />}>{children}</Suspense>;
  if (isNarrow) {
    return (
      <Dialog kind="sheet-right" title={label} onClose={onClose}>
        <div className={styles.content}>{content}</div>
      </Dialog>
    );
  }
  return (
    <aside
      ref={ref}
      tabIndex={-1}
      className={styles.panel}
      aria-label={label}
      style={{ width }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      }}
    >
      <Resizer width={width} onResize={setWidth} />
      <div className={styles.content}>{content}</div>
    </aside>
  );
}

/** The panel's left edge: dragged, or moved by the arrow keys. */
function Resizer({ width, onResize }: { readonly width: number; readonly onResize: (width: number) => void }) {
  const start = useRef<{ readonly x: number; readonly width: number }>(undefined);
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { x: event.clientX, width };
    event.preventDefault();
  };
  const onPointerMove = (event: PointerEvent) => {
    if (start.current) onResize(parseWidth(String(start.current.width + start.current.x - event.clientX)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowLeft' ? stepPx : event.key === 'ArrowRight' ? -stepPx : 0;
    if (step === 0) return;
    event.preventDefault();
    onResize(parseWidth(String(width + step)));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a window splitter is a focusable separator
    <div
      role="separator"
      aria-label="Width of the panel"
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={narrowest}
      aria-valuemax={widest}
      tabIndex={0}
      className={styles.resizer}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        start.current = undefined;
      }}
      onPointerCancel={() => {
        start.current = undefined;
      }}
      onDoubleClick={() => onResize(usual)}
      onKeyDown={onKeyDown}
    />
  );
}

function PanelSkeleton() {
  return (
    <div className={styles.skeleton} aria-hidden="true">
      <Skeleton width="60%" height={12} />
      <Skeleton width="40%" />
      <Skeleton width="80%" />
      <Skeleton width="72%" />
    </div>
  );
}
