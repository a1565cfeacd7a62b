import { type User, UserState } from '@roster/proto/gen/userservice/v1/user';
import type { ReactNode } from 'react';
import { roleLabel, stateLabel } from '../../../lib/user-words.ts';
import { Badge } from '../../../ui/chip.tsx';
import { CopyChip } from '../../../ui/copy-chip.tsx';
import { MoreIcon, PauseIcon, PlayIcon, TrashIcon } from '../../../ui/icons.tsx';
import { InitialsDisc } from '../../../ui/initials-disc.tsx';
import { Menu, type MenuEntry } from '../../../ui/menu.tsx';
import type { UserActions } from './use-user-actions.ts';
import { useUserRights } from './use-user-rights.ts';
import styles from './user-header.module.css';

/** Who this is: name, id, role and state. */
export function UserHeader({ user, children }: { readonly user: User; readonly children: ReactNode }) {
  return (
    <header className={styles.header}>
      <InitialsDisc name={user.name} size={40} />
      <div className={styles.who}>
        <h2 className={styles.name} dir="auto" data-tip={user.name} data-tip-cut="">
          {user.name}
        </h2>
        <p className={styles.facts}>
          <CopyChip text={user.id} label="id" shown={shortId(user.id)} />
          <span>{roleLabel(user.role)}</span>
          <StateBadge user={user} />
        </p>
      </div>
      <div className={styles.actions}>{children}</div>
    </header>
  );
}

/** The actions on a user who is not deleted; none where the person may not change the user at all. */
export function UserMenu({ user, actions }: { readonly user: User; readonly actions: UserActions }) {
  const rights = useUserRights(user);
  if (rights.reason !== undefined) return null;
  const isSuspended = user.state === UserState.SUSPENDED;
  const isDisabled = !rights.mayChange('state');
  const entries: readonly MenuEntry[] = [
    isSuspended
      ? {
          id: 'activate',
          label: 'Activate',
          icon: <PlayIcon />,
          isDisabled,
          onAction: () => actions.setState(UserState.ACTIVE),
        }
      : {
          id: 'suspend',
          label: 'Suspend',
          icon: <PauseIcon />,
          isDisabled,
          onAction: () => actions.setState(UserState.SUSPENDED),
        },
    'separator',
    {
      id: 'delete',
      label: 'Delete',
      icon: <TrashIcon />,
      isDangerous: true,
      isDisabled: !rights.mayDelete,
      onAction: actions.remove,
    },
  ];
  return <Menu label="Actions" icon={<MoreIcon />} isIconOnly entries={entries} />;
}

function StateBadge({ user }: { readonly user: User }) {
  if (user.deletedAt) return <Badge tone="bad">Deleted</Badge>;
  return <Badge tone={user.state === UserState.SUSPENDED ? 'warn' : 'good'}>{stateLabel(user.state)}</Badge>;
}

/** The end of an id: the head of a UUID v7 is a time, and the same for many. */
function shortId(id: string): string {
  return id.length > 12 ? `…${id.slice(-8)}` : id;
}
