import { lazy, Suspense } from 'react';
import { roleLabel } from '../lib/user-words.ts';
import { useSignedIn } from '../session/session-context.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { InitialsDisc } from '../ui/initials-disc.tsx';
import { Popover } from '../ui/popover.tsx';
import styles from './person.module.css';

const PersonMenu = lazy(() => import('./person-menu.tsx').then((module) => ({ default: module.PersonMenu })));

export interface PersonProps {
  readonly isFolded: boolean;
  readonly onShortcuts: () => void;
  /** Called when an entry was followed. */
  readonly onGo: (() => void) | undefined;
}

/** Who is signed in; a press tells more. */
export function Person({ isFolded, onShortcuts, onGo }: PersonProps) {
  const { user, access } = useSignedIn();
  return (
    <div className={styles.person}>
      <Popover
        label={user.name}
        width={248}
        trigger={{
          variant: 'quiet',
          className: styles.button ?? '',
          icon: <InitialsDisc name={user.name} size={24} />,
          children: (
            <span className={isFolded ? 'visually-hidden' : styles.who}>
              <bdi className={styles.name}>{user.name}</bdi>
              <span className={styles.role}>{roleLabel(access.role)}</span>
            </span>
          ),
        }}
      >
        {(close) => (
          <ErrorBoundary>
            <Suspense>
              <PersonMenu
                onShortcuts={() => {
                  close();
                  onShortcuts();
                }}
                onGo={() => {
                  close();
                  onGo?.();
                }}
              />
            </Suspense>
          </ErrorBoundary>
        )}
      </Popover>
    </div>
  );
}
