import { Checkbox } from '../ui/checkbox.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import styles from './shortcut-sheet.module.css';

const groups: readonly { readonly title: string; readonly keys: readonly (readonly [readonly string[], string])[] }[] =
  [
    {
      title: 'Everywhere',
      keys: [
        [['?'], 'This sheet'],
        [['['], 'Fold the navigation'],
        [['I'], 'Wire inspector'],
      ],
    },
    {
      title: 'Users',
      keys: [
        [['/'], 'Filter'],
        [['N'], 'New user'],
      ],
    },
    {
      title: 'In the list',
      keys: [
        [['↑', '↓'], 'Row by row; also K and J'],
        [['←', '→'], 'Column by column'],
        [['Page Up', 'Page Down'], 'Screen by screen'],
        [['Ctrl Home', 'Ctrl End'], 'First and last row'],
        [['Enter'], 'Open; on a column’s head, sort'],
        [['Space'], 'Open, and stay in the list'],
        [['Esc'], 'Close the panel'],
      ],
    },
    { title: 'In a panel', keys: [[['Ctrl S'], 'Save']] },
  ];

export interface ShortcutSheetProps {
  readonly hasHotkeys: boolean;
  readonly onHotkeys: (isOn: boolean) => void;
  readonly onClose: () => void;
}

/** Every key, and the switch for those that are single characters. */
export function ShortcutSheet({ hasHotkeys, onHotkeys, onClose }: ShortcutSheetProps) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      {groups.map((group) => (
        <section key={group.title} className={styles.group}>
          <h3 className={styles.title}>{group.title}</h3>
          <dl>
            {group.keys.map(([keys, words]) => (
              <div key={words} className={styles.line}>
                <dt>{words}</dt>
                <dd>
                  {keys.map((key) => (
                    <Kbd key={key}>{key}</Kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <Checkbox
        label="Single-character shortcuts"
        description="Off: only Tab, arrows, Enter and Escape are used."
        isChecked={hasHotkeys}
        onChange={onHotkeys}
      />
    </Dialog>
  );
}
