import type { ComponentPropsWithRef, ReactNode } from 'react';
import styles from './button.module.css';
import { classNames } from './class-names.ts';

export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger';

export interface ButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'children'> {
  readonly variant?: ButtonVariant;
  readonly size?: 'small' | 'medium';
  readonly icon?: ReactNode;
  /** Shown after the words, for example a key or a chevron. */
  readonly trailing?: ReactNode;
  /** The action runs: the button keeps its place and its focus, and ignores presses. */
  readonly isBusy?: boolean;
  readonly children: ReactNode;
}

/** A native button. At most one `primary` stands on a page. */
export function Button({
  variant = 'secondary',
  size = 'medium',
  icon,
  trailing,
  isBusy = false,
  className,
  onClick,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={isBusy || undefined}
      aria-busy={isBusy || undefined}
      onClick={(event) => {
        if (isBusy) event.preventDefault();
        else onClick?.(event);
      }}
      className={classNames(styles.button, styles[variant], size === 'small' && styles.small, className)}
    >
      {icon}
      <span className={styles.words}>{children}</span>
      {trailing}
    </button>
  );
}

export interface IconButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'children' | 'aria-label'> {
  /** The name: spoken, and shown on hover and on focus. */
  readonly label: string;
  readonly icon: ReactNode;
  readonly size?: 'small' | 'medium';
  /** The key that does the same, shown beside the name. */
  readonly shortcut?: string;
}

export function IconButton({ label, icon, size = 'medium', shortcut, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      data-tip={label}
      data-tip-keys={shortcut}
      className={classNames(styles.button, styles.quiet, styles.icon, size === 'small' && styles.small, className)}
    >
      {icon}
    </button>
  );
}
