import type { ReactNode } from 'react';
import { Link, useRoute } from 'wouter';
import { type ThemeChoice, themeChoices, useTheme } from '../lib/theme.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { FoldIcon, UsersIcon } from '../ui/icons.tsx';
import { InitialsDisc } from '../ui/initials-disc.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Popover } from '../ui/popover.tsx';
import { Segmented } from '../ui/segmented.tsx';
import styles from './navigation.module.css';

export interface NavigationProps {
  readonly isFolded: boolean;
  /** It fills a sheet. */
  readonly isSheet?: boolean;
  /** Undefined where it cannot be folded. */
  readonly onFold: (() => void) | undefined;
  readonly onShortcuts: () => void;
  /** Called when an entry was followed. */
  readonly onGo?: () => void;
}

/** The places of the console, and at the foot the person. */
export function Navigation({ isFolded, isSheet = false, onFold, onShortcuts, onGo }: NavigationProps) {
  return (
    <nav
      aria-label="Places"
      className={styles.navigation}
      data-folded={isFolded || undefined}
      data-sheet={isSheet || undefined}
    >
      <div className={styles.head}>
        {!isFolded && <span className={styles.brand}>Roster</span>}
        {onFold && (
          <IconButton
            label={isFolded ? 'Unfold the navigation' : 'Fold the navigation'}
            shortcut="["
            size="small"
            icon={<FoldIcon />}
            onClick={onFold}
          />
        )}
      </div>
      <ul className={styles.places}>
        <Place href="/users" pattern="/users/*?" icon={<UsersIcon />} words="Users" isFolded={isFolded} onGo={onGo} />
      </ul>
      <Person isFolded={isFolded} onShortcuts={onShortcuts} />
    </nav>
  );
}

interface PlaceProps {
  readonly href: string;
  readonly pattern: string;
  readonly icon: ReactNode;
  readonly words: string;
  readonly isFolded: boolean;
  readonly onGo: (() => void) | undefined;
}

function Place({ href, pattern, icon, words, isFolded, onGo }: PlaceProps) {
  const [isHere] = useRoute(pattern);
  return (
    <li>
      <Link
        href={href}
        className={styles.place}
        aria-current={isHere ? 'page' : undefined}
        aria-label={words}
        {...(isFolded && { 'data-tip': words })}
        {...(onGo && { onClick: onGo })}
      >
        {icon}
        {!isFolded && words}
      </Link>
    </li>
  );
}

const themeWords: Readonly<Record<ThemeChoice, string>> = { system: 'System', light: 'Light', dark: 'Dark' };

/** Who is here. Until sign-in exists, everyone on this machine is its operator. */
function Person({ isFolded, onShortcuts }: { readonly isFolded: boolean; readonly onShortcuts: () => void }) {
  const [theme, setTheme] = useTheme();
  const name = 'Local operator';
  return (
    <div className={styles.person}>
      <Popover
        label={name}
        width={232}
        trigger={{
          variant: 'quiet',
          className: classNames(styles.personButton),
          icon: <InitialsDisc name={name} size={24} />,
          children: <span className={isFolded ? 'visually-hidden' : undefined}>{name}</span>,
        }}
      >
        {(close) => (
          <div className={styles.settings}>
            <p className={styles.note}>Everyone on this machine may do everything.</p>
            <h2 className={styles.title}>Theme</h2>
            <Segmented
              label="Theme"
              value={theme}
              onChange={setTheme}
              options={themeChoices.map((value) => ({ value, label: themeWords[value] }))}
            />
            <Button
              variant="quiet"
              size="small"
              className={styles.shortcuts}
              trailing={<Kbd>?</Kbd>}
              onClick={() => {
                close();
                onShortcuts();
              }}
            >
              Keyboard shortcuts
            </Button>
          </div>
        )}
      </Popover>
    </div>
  );
}
