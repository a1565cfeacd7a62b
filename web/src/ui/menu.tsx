import type { ReactNode } from 'react';
import { Menu as AriaMenu, Button, MenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components';
import buttonStyles from './button.module.css';
import { classNames } from './class-names.ts';
import { usePortal } from './dialog-element.ts';
import { Kbd } from './kbd.tsx';
import styles from './menu.module.css';

export type MenuEntry =
  | 'separator'
  | {
      readonly id: string;
      readonly label: string;
      readonly icon?: ReactNode;
      readonly shortcut?: string;
      readonly isDangerous?: boolean;
      readonly isDisabled?: boolean;
      /** Why it is disabled, or what it does. */
      readonly description?: string;
      readonly onAction: () => void;
    };

export interface MenuProps {
  /** The trigger's name: its words, or what is spoken where only an icon shows. */
  readonly label: string;
  readonly icon?: ReactNode;
  readonly isIconOnly?: boolean;
  readonly size?: 'small' | 'medium';
  readonly entries: readonly MenuEntry[];
}

/** A button that opens a list of actions. */
export function Menu({ label, icon, isIconOnly = false, size = 'medium', entries }: MenuProps) {
  const portal = usePortal();
  return (
    <MenuTrigger>
      <Button
        aria-label={label}
        className={classNames(
          buttonStyles.button,
          isIconOnly ? buttonStyles.quiet : buttonStyles.secondary,
          isIconOnly && buttonStyles.icon,
          size === 'small' && buttonStyles.small,
        )}
      >
        {icon}
        {!isIconOnly && label}
      </Button>
      <Popover {...portal} className={classNames(styles.popover)} offset={4} placement="bottom end">
        <AriaMenu className={classNames(styles.menu)} aria-label={label}>
          {entries.map((entry, index) =>
            entry === 'separator' ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: a separator has nothing but its place
              <Separator key={`separator-${index}`} className={classNames(styles.separator)} />
            ) : (
              <MenuItem
                key={entry.id}
                id={entry.id}
                textValue={entry.label}
                isDisabled={entry.isDisabled ?? false}
                onAction={entry.onAction}
                className={classNames(styles.item, entry.isDangerous && styles.dangerous)}
              >
                <span className={styles.mark}>{entry.icon}</span>
                <span className={styles.words}>
                  {entry.label}
                  {entry.description && <span className={styles.description}>{entry.description}</span>}
                </span>
                {entry.shortcut && <Kbd>{entry.shortcut}</Kbd>}
              </MenuItem>
            ),
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
