import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { ReadCache } from '../../../rpc/read-cache.tsx';
import { useUserActions } from './use-user-actions.ts';
import { UserEditorView } from './user-editor.tsx';
import { UserHeader, UserMenu } from './user-header.tsx';
import { UserLoader } from './user-loader.tsx';
import styles from './user-page.module.css';

export interface UserPageProps {
  readonly userId: string;
  /** The button that brings the navigation on narrow screens. */
  readonly navigationButton: ReactNode;
  /** Where the list is, for the breadcrumb. */
  readonly listHref?: string;
}

/** Everything about one user on a page of its own. */
export function UserPage({ userId, navigationButton, listHref = '/users' }: UserPageProps) {
  const trail = (name?: string) => (
    <Trail listHref={listHref} navigationButton={navigationButton} {...(name !== undefined && { name })} />
  );
  return (
    <div className={styles.page}>
      <h1 className="visually-hidden">User</h1>
      <ReadCache>
        <UserLoader key={userId} userId={userId} head={trail()}>
          {(user, isErased) => <OpenPage user={user} isErased={isErased} trail={trail(user.name)} />}
        </UserLoader>
      </ReadCache>
    </div>
  );
}

interface OpenPageProps {
  readonly user: User;
  readonly isErased: boolean;
  readonly trail: ReactNode;
}

function OpenPage({ user, isErased, trail }: OpenPageProps) {
  const actions = useUserActions(user, undefined);
  return (
    <UserEditorView
      user={user}
      isErased={isErased}
      actions={actions}
      head={() => (
        <>
          {trail}
          <UserHeader user={user}>
            {!user.deletedAt && !isErased && <UserMenu user={user} actions={actions} />}
          </UserHeader>
        </>
      )}
    />
  );
}

interface TrailProps {
  readonly listHref: string;
  readonly navigationButton: ReactNode;
  readonly name?: string;
}

function Trail({ listHref, navigationButton, name }: TrailProps) {
  return (
    <nav aria-label="Breadcrumb" className={styles.trail}>
      {navigationButton}
      <ol>
        <li>
          <Link href={listHref}>Users</Link>
        </li>
        {name !== undefined && (
          <li aria-current="page">
            <bdi>{name}</bdi>
          </li>
        )}
      </ol>
    </nav>
  );
}
