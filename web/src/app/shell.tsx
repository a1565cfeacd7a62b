import { type ReactNode, useState } from 'react';
import { useHotkeys } from '../lib/hotkeys.ts';
import { useStored } from '../lib/stored.ts';
import { IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { MenuIcon } from '../ui/icons.tsx';
import { Navigation } from './navigation.tsx';
import styles from './shell.module.css';

export interface ShellProps {
  readonly hasHotkeys: boolean;
  readonly onShortcuts: () => void;
  /** Draws the page; `navigationButton` goes to its head and shows on narrow screens only. */
  readonly children: (navigationButton: ReactNode) => ReactNode;
}

/** The frame of every page: the navigation at the left, on a narrow screen in a sheet. */
export function Shell({ hasHotkeys, onShortcuts, children }: ShellProps) {
  const [fold, setFold] = useStored('navigation', (text) => (text === 'folded' ? 'folded' : 'open'));
  const [isSheetOpen, setSheetOpen] = useState(false);
  const toggleFold = () => setFold(fold === 'folded' ? 'open' : 'folded');
  useHotkeys({ '[': toggleFold }, hasHotkeys);
  return (
    <div className={styles.shell}>
      <a href="#main" className={styles.skip}>
        Skip to the content
      </a>
      <div className={styles.side}>
        <Navigation isFolded={fold === 'folded'} onFold={toggleFold} onShortcuts={onShortcuts} />
      </div>
      <main id="main" tabIndex={-1} className={styles.main}>
        {children(
          <IconButton
            label="Navigation"
            icon={<MenuIcon />}
            className={styles.menuButton}
            onClick={() => setSheetOpen(true)}
          />,
        )}
      </main>
      {isSheetOpen && (
        <Dialog kind="sheet-left" title="Navigation" onClose={() => setSheetOpen(false)}>
          <Navigation
            isFolded={false}
            isSheet
            onFold={undefined}
            onShortcuts={onShortcuts}
            onGo={() => setSheetOpen(false)}
          />
        </Dialog>
      )}
    </div>
  );
}
