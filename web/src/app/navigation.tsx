import type { ReactNode } from 'react';
import { Link, useRoute } from 'wouter';
import { useSignedIn } from '../session/session-context.tsx';
import { IconButton } from '../ui/button.tsx';
import { FoldIcon, HistoryIcon, TrashIcon, UsersIcon } from '../ui/icons.tsx';
import styles from './navigation.module.css';
import { Person } from './person.tsx';

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

/** Who may read changes has a history to look at. */
const historyMethod = '/roster.history.v1.HistoryService/ListUserChanges';
/** Who may restore has a bin to look into. */
const restoreMethod = '/userservice.v1.UserService/UndeleteUser';

/** The places of the console, and at the foot the person. */
export function Navigation({ isFolded, isSheet = false, onFold, onShortcuts, onGo }: NavigationProps) {
  const { access } = useSignedIn();
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
        {access.may(historyMethod) && (
          <Place
            href="/history"
            pattern="/history/*?"
            icon={<HistoryIcon />}
            words="History"
            isFolded={isFolded}
            onGo={onGo}
          />
        )}
        {access.may(restoreMethod) && (
          <Place href="/bin" pattern="/bin" icon={<TrashIcon />} words="Bin" isFolded={isFolded} onGo={onGo} />
        )}
      </ul>
      <Person isFolded={isFolded} onShortcuts={onShortcuts} onGo={onGo} />
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
