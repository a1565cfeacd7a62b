import type { User } from '@roster/proto/gen/userservice/v1/user';
import { Link } from 'wouter';
import { UsersCache } from '../api/users-cache.tsx';
import { useUserActions } from './use-user-actions.ts';
import { UserEditorView } from './user-editor.tsx';
import { UserHeader, UserMenu } from './user-header.tsx';
import { UserLoader } from './user-loader.tsx';
import styles from './user-page.module.css';

export interface UserPageProps {
  readonly userId: string;
  /** Where the list is, for the breadcrumb. */
  readonly listHref?: string;
}

/** Everything about one user on a page of its own. */
export function UserPage({ userId, listHref = '/users' }: UserPageProps) {
  return (
    <div className={styles.page}>
      <h1 className="visually-hidden">User</h1>
      <UsersCache>
        <UserLoader key={userId} userId={userId} head={<Trail listHref={listHref} />}>
          {(user) => <OpenPage user={user} listHref={listHref} />}
        </UserLoader>
      </UsersCache>
    </div>
  );
}

function OpenPage({ user, listHref }: { readonly user: User; readonly listHref: string }) {
  const actions = useUserActions(user, undefined);
  return (
    <UserEditorView
      user={user}
      actions={actions}
      head={() => (
        <>
          <Trail listHref={listHref} name={user.name} />
          <UserHeader user={user}>{!user.deletedAt && <UserMenu user={user} actions={actions} />}</UserHeader>
        </>
      )}
    />
  );
}

function Trail({ listHref, name }: { readonly listHref: string; readonly name?: string }) {
  return (
    <nav aria-label="Breadcrumb" className={styles.trail}>
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
