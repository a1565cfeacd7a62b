import type { ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { CloseIcon } from './icons.tsx';
import styles from './sheet.module.css';

export interface SheetProps {
  readonly title: string;
  readonly onClose: () => void;
  /** Only its buttons close it, for what it shows is not seen again: no press beside it, and not Escape. */
  readonly isFirm?: boolean;
  readonly children: ReactNode;
  /** Buttons at the foot, the one that goes on last. */
  readonly actions: ReactNode;
}

/** A form that comes from the right and looks as a panel does, over a page that has none. */
export function Sheet({ title, onClose, isFirm = false, children, actions }: SheetProps) {
  return (
    <Dialog kind="sheet-right" title={title} onClose={isFirm ? undefined : onClose}>
      <header className={styles.head}>
        <p className={styles.title} aria-hidden="true">
          {title}
        </p>
        <IconButton label="Close" icon={<CloseIcon />} onClick={onClose} />
      </header>
      <div className={styles.body}>{children}</div>
      <footer className={styles.foot}>{actions}</footer>
    </Dialog>
  );
}
