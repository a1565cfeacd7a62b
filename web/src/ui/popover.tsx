import { type ReactNode, useCallback, useEffect, useId, useRef, useState } from 'react';
import { Button, type ButtonProps, IconButton } from './button.tsx';
import { placeBeside } from './place-beside.ts';
import styles from './popover.module.css';

export interface PopoverProps {
  /** What the floating part is about, for screen readers. */
  readonly label: string;
  /** The button that opens it. */
  readonly trigger:
    | (Pick<ButtonProps, 'icon' | 'trailing' | 'variant' | 'size' | 'className' | 'children'> & {
        readonly kind?: 'button';
      })
    | {
        readonly kind: 'icon';
        readonly icon: ReactNode;
        readonly size?: 'small' | 'medium';
        readonly className?: string;
      };
  /** Drawn only while open. `close` gives the focus back to the button. */
  readonly children: (close: () => void) => ReactNode;
  readonly width?: number;
}

/**
 * A button and what floats beside it: the browser's own popover, closed by Escape or a press elsewhere. The focus goes to what carries `data-initial-focus`, else it
 * stays on the button.
 */
export function Popover({ label, trigger, children, width = 280 }: PopoverProps) {
  const id = useId();
  const buttonRef = useRef<HTMLButtonElement>(null);
  const ref = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = useCallback(() => ref.current?.hidePopover(), []);

  useEffect(() => {
    const floating = ref.current;
    if (!floating) return;
    const onToggle = (event: ToggleEvent) => {
      setOpen(event.newState === 'open');
    };
    // Only what is shown can have the focus.
    const onShown = (event: ToggleEvent) => {
      if (event.newState === 'open') floating.querySelector<HTMLElement>('[data-initial-focus]')?.focus();
    };
    floating.addEventListener('beforetoggle', onToggle);
    floating.addEventListener('toggle', onShown);
    return () => {
      floating.removeEventListener('beforetoggle', onToggle);
      floating.removeEventListener('toggle', onShown);
    };
  }, []);

  useEffect(() => {
    if (isOpen && buttonRef.current && ref.current) return placeBeside(buttonRef.current, ref.current);
    return undefined;
  }, [isOpen]);

  const opener = {
    ref: buttonRef,
    popoverTarget: id,
    'aria-expanded': isOpen,
    'aria-haspopup': 'dialog',
  } as const;
  return (
    <>
      {trigger.kind === 'icon' ? (
        <IconButton
          {...opener}
          label={label}
          icon={trigger.icon}
          size={trigger.size ?? 'medium'}
          className={trigger.className}
        />
      ) : (
        <Button {...opener} {...withoutKind(trigger)} />
      )}
      <div
        ref={ref}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={label}
        className={styles.popover}
        style={{ width }}
      >
        {isOpen && children(close)}
      </div>
    </>
  );
}

function withoutKind<T extends { readonly kind?: 'button' }>({ kind: _, ...rest }: T): Omit<T, 'kind'> {
  return rest;
}
