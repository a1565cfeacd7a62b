// biome-ignore-all lint/a11y/useSemanticElements: rows that are placed by transform on a track cannot be a table
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { type MouseEvent, useEffect, useRef, useState } from 'react';
import { inSentence } from '../../../lib/in-sentence.ts';
import { narrowScreen, useMedia } from '../../../lib/media.ts';
import { useRecent } from '../../../lib/use-recent.ts';
import { useSignedIn } from '../../../session/session-context.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { useToasts } from '../../../ui/toast-region.tsx';
import type { UserList, UserListSnapshot } from '../list/user-list.ts';
import { useAim } from '../list-screen/use-aim.ts';
import { useHold } from '../list-screen/use-hold.ts';
import { useRowWindow } from '../list-screen/use-row-window.ts';
import styles from './bin-list.module.css';
import { BinRow } from './bin-row.tsx';
import { EraseDialog } from './erase-dialog.tsx';
import { useDeleters } from './use-deleters.ts';
import { useRestore } from './use-restore.ts';

export interface BinListProps {
  readonly list: UserList;
  readonly snapshot: UserListSnapshot;
  /** What is shown may be out of date. */
  readonly isDimmed: boolean;
}

/** As in the style sheet. */
const rowHeights = { wide: 56, narrow: 104 } as const;
const headHeights = { wide: 32, narrow: 0 } as const;
/** The list is let go when nothing has moved in it for so long; then rows may move again. */
const restMs = 1500;

/** Deleted people as a table of any length, those who were deleted last first. */
export function BinList({ list, snapshot, isDimmed }: BinListProps) {
  const size = useMedia(narrowScreen) ? 'narrow' : 'wide';
  const ref = useRef<HTMLDivElement>(null);
  const toasts = useToasts();
  const { binDays } = useSignedIn();
  const [erasing, setErasing] = useState<User>();
  const [isInHand, touch] = useRecent(restMs);
  const restoring = useRestore(list);
  const { rowCount } = snapshot;
  const view = useRowWindow(ref, { rowCount, rowHeight: rowHeights[size], headHeight: headHeights[size] });
  useHold(list, isInHand || view.isScrolling || !view.isAtTop || erasing !== undefined);
  const aim = useAim(list, view);
  useEffect(() => list.show(view.first, view.last), [list, view.first, view.last]);

  const indices = Array.from({ length: Math.max(0, view.last - view.first) }, (_, at) => view.first + at);
  const rows = indices.map((index) => list.rowAt(index));
  const deleters = useDeleters(rows.flatMap((row) => row?.user ?? []));

  /** A press on a button that has only just come under the pointer was meant for another person's. Keys press what has the focus. */
  function stopMisplaced(event: MouseEvent): void {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null;
    if (!row || event.detail === 0) return;
    const index = Number(row.dataset['index']);
    if (aim.meantAt(index, event.timeStamp) === list.rowAt(index)?.user.id) return;
    event.preventDefault();
    event.stopPropagation();
  }
  function erased({ id, name }: User): void {
    setErasing(undefined);
    list.applyDelete(id);
    toasts.confirm(`${inSentence(name)} is erased`);
    // The button that the dialog would give the focus back to goes with its row.
    requestAnimationFrame(() => ref.current?.focus());
  }
  return (
    <>
      <div
        ref={ref}
        role="table"
        aria-label="Deleted people"
        aria-rowcount={snapshot.total?.isMinimum ? -1 : rowCount + 1}
        aria-busy={snapshot.status === 'loading' || undefined}
        tabIndex={-1}
        data-dim={isDimmed || undefined}
        data-keeps={binDays === 0 || undefined}
        className={styles.scroller}
        onClickCapture={stopMisplaced}
        onPointerDown={touch}
        onPointerMove={({ clientX: x, clientY: y }) => {
          aim.pointed({ x, y });
          touch();
        }}
        onKeyDown={touch}
      >
        <div role="rowgroup" className={styles.head}>
          {/* biome-ignore lint/a11y/useFocusableInteractive: nothing to do in a heading */}
          <div role="row" aria-rowindex={1} className={styles.headRow}>
            {['Name', 'Role', 'Deleted', binDays === 0 ? '' : 'Time left', ''].map((title, at) => (
              // biome-ignore lint/a11y/useFocusableInteractive: see above
              <div key={title || at} role="columnheader" className={styles.headCell}>
                {title || <span className="visually-hidden">{at === 4 ? 'Actions' : 'Time left'}</span>}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className={styles.body} style={{ height: view.trackHeight }}>
          {rows.map((row, at) => {
            const index = view.first + at;
            const top = index * rowHeights[size] + view.shift;
            return row ? (
              <BinRow
                key={row.user.id}
                row={row}
                index={index}
                top={top}
                deleter={deleters.get(row.user.revision)}
                restoring={restoring}
                onErase={setErasing}
              />
            ) : (
              <Bone key={`at-${index}`} index={index} top={top} />
            );
          })}
        </div>
      </div>
      {erasing && <EraseDialog user={erasing} onErased={() => erased(erasing)} onClose={() => setErasing(undefined)} />}
    </>
  );
}

/** Stands in for a row that is on its way. */
function Bone({ index, top }: { readonly index: number; readonly top: number }) {
  return (
    <div aria-hidden="true" className={styles.row} style={{ transform: `translateY(${top}px)` }}>
      <div className={styles.person}>
        <Skeleton width={24} height={24} />
        <Skeleton width={120 + ((index * 37) % 80)} />
      </div>
    </div>
  );
}
