import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { IconButton } from './button.tsx';
import { classNames } from './class-names.ts';
import styles from './dialog.module.css';
import { DialogElementContext } from './dialog-element.ts';
import { CloseIcon } from './icons.tsx';

export interface DialogProps {
  readonly title: string;
  /** Undefined where one cannot go back: then neither Escape nor a press beside it closes it. */
  readonly onClose: (() => void) | undefined;
  readonly children: ReactNode;
  /** Buttons at the foot, the one that goes on last. */
  readonly actions?: ReactNode;
  /** `center` asks or tells; a sheet comes from a side of a narrow screen and brings its own head. */
  readonly kind?: 'center' | 'sheet-left' | 'sheet-right';
  readonly className?: string | undefined;
}

/**
 * The browser's own modal dialog: it traps the focus, closes on Escape and on a press beside it, and gives the focus back.
 *
 * Open while it is rendered. The focus goes to what carries `data-initial-focus`, else to the first control.
 */
export function Dialog({ title, onClose, children, actions, kind = 'center', className }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const [element, setElement] = useState<HTMLDialogElement>();
  /** A press that began inside and ends beside, for example one that marks text or opens a list, is none beside it. */
  const isBeside = useRef(false);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    setElement(dialog ?? undefined);
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>('[data-initial-focus]')?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the dialog's own key
    <dialog
      ref={ref}
      aria-labelledby={id}
      className={classNames(styles.dialog, styles[kind], className)}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onClose={({ currentTarget }) => {
        // Where Escape was pressed in vain before, the browser closes it without asking: whether it stays is said here alone.
        if (currentTarget.open) return;
        currentTarget.showModal();
        onClose?.();
      }}
      onPointerDown={(event) => {
        isBeside.current = event.target === event.currentTarget;
      }}
      onClick={(event) => {
        if (isBeside.current && event.target === event.currentTarget) onClose?.();
      }}
    >
      <DialogElementContext value={element}>
        <div className={styles.inside}>
          {kind === 'center' ? (
            <header className={styles.head}>
              <h2 id={id} className={styles.title}>
                {title}
              </h2>
              {onClose && <IconButton label="Close" icon={<CloseIcon />} size="small" onClick={onClose} />}
            </header>
          ) : (
            <h2 id={id} className="visually-hidden">
              {title}
            </h2>
          )}
          {kind === 'center' ? <div className={styles.body}>{children}</div> : children}
          {actions && <footer className={styles.actions}>{actions}</footer>}
        </div>
      </DialogElementContext>
    </dialog>
  );
}
