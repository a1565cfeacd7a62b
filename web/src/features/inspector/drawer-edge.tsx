import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import styles from './drawer-edge.module.css';

const lowest = 160;
const highest = 720;
const usual = 360;
const stepPx = 16;

/** The height of the drawer that was remembered, as far as it is one. */
export function parseHeight(text: string | undefined): number {
  const height = Number(text ?? usual);
  return Number.isFinite(height) ? Math.min(highest, Math.max(lowest, Math.round(height))) : usual;
}

export interface DrawerEdgeProps {
  readonly height: number;
  readonly onResize: (height: number) => void;
}

/** The drawer's upper edge: dragged, or moved by the arrow keys. */
export function DrawerEdge({ height, onResize }: DrawerEdgeProps) {
  const start = useRef<{ readonly y: number; readonly height: number }>(undefined);
  const resize = (next: number) => onResize(parseHeight(String(next)));
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { y: event.clientY, height };
    event.preventDefault();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowUp' ? stepPx : event.key === 'ArrowDown' ? -stepPx : 0;
    if (step === 0) return;
    event.preventDefault();
    resize(height + step);
  };
  const end = () => {
    start.current = undefined;
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a window splitter is a focusable separator
    <div
      role="separator"
      aria-label="Height of the inspector"
      aria-orientation="horizontal"
      aria-valuenow={height}
      aria-valuemin={lowest}
      aria-valuemax={highest}
      tabIndex={0}
      className={styles.edge}
      onPointerDown={onPointerDown}
      onPointerMove={(event) => {
        if (start.current) resize(start.current.height + start.current.y - event.clientY);
      }}
      onPointerUp={end}
      onPointerCancel={end}
      onDoubleClick={() => onResize(usual)}
      onKeyDown={onKeyDown}
    />
  );
}
