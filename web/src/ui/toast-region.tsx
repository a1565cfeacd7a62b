import { createContext, type ReactNode, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Button, IconButton } from './button.tsx';
import { CheckIcon, CloseIcon, WarningIcon } from './icons.tsx';
import styles from './toast.module.css';
import { createToasts, type Toasts } from './toasts.ts';

const ToastsContext = createContext<Toasts | undefined>(undefined);

/** The queue to which a screen confirms what was done. */
export function useToasts(): Toasts {
  const toasts = useContext(ToastsContext);
  if (!toasts) throw new Error('useToasts needs a ToastsContext above it');
  return toasts;
}

/** Gives what is drawn in it a queue of its own, and draws that: confirmations go where their page goes, also those that come late. */
export function ToastsProvider({ children }: { readonly children: ReactNode }) {
  const [toasts] = useState(() => createToasts());
  return (
    <ToastsContext value={toasts}>
      {children}
      <ToastRegion />
    </ToastsContext>
  );
}

/** Draws the confirmations at the foot, above every dialog. Each is spoken once. */
function ToastRegion() {
  const toasts = useToasts();
  const shown = useSyncExternalStore(toasts.subscribe, toasts.getSnapshot);
  const ref = useRef<HTMLElement>(null);
  const isEmpty = shown.length === 0;

  useEffect(() => {
    // Shown anew with each toast, so that the region lies above a dialog opened since.
    if (ref.current?.matches(':popover-open')) ref.current.hidePopover();
    if (!isEmpty) ref.current?.showPopover();
  }, [isEmpty]);

  return (
    <section
      ref={ref}
      popover="manual"
      aria-label="Confirmations"
      aria-live="polite"
      className={styles.region}
      onPointerEnter={() => toasts.hold(true)}
      onPointerLeave={() => toasts.hold(false)}
      onFocus={() => toasts.hold(true)}
      onBlur={() => toasts.hold(false)}
    >
      {shown.map((toast) => (
        <div key={toast.id} className={styles.toast} data-failed={toast.problem !== undefined || undefined}>
          {toast.problem === undefined ? <CheckIcon /> : <WarningIcon />}
          <span className={styles.words} dir="auto">
            {toast.words}
            {toast.problem !== undefined && <span className={styles.problem}>{toast.problem}</span>}
          </span>
          {toast.undo && (
            <Button size="small" variant="secondary" isBusy={toast.isUndoing} onClick={() => void toasts.undo(toast)}>
              Undo
            </Button>
          )}
          <IconButton label="Dismiss" size="small" icon={<CloseIcon />} onClick={() => toasts.dismiss(toast.id)} />
        </div>
      ))}
    </section>
  );
}
