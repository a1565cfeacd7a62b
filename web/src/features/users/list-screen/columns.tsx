import { type User, UserState } from '@roster/proto/gen/userservice/v1/user';
import { epochMs, type OrderField } from '@roster/proto/order';
import { type ReactNode, useMemo } from 'react';
import { narrowScreen, useMedia } from '../../../lib/media.ts';
import { useStored } from '../../../lib/stored.ts';
import { roleLabel, stateLabel } from '../../../lib/user-words.ts';
import { Badge, Chip } from '../../../ui/chip.tsx';
import { InitialsDisc } from '../../../ui/initials-disc.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import styles from './cells.module.css';

export interface Column {
  /** The field it shows, by the name of the contract. */
  readonly id: 'name' | 'email' | 'role' | 'state' | 'tags' | 'created_at' | 'updated_at';
  readonly title: string;
  /** Set where the server can sort by it. */
  readonly orderField: OrderField | undefined;
  /** The order that a first press brings. */
  readonly isDescendingFirst: boolean;
  readonly draw: (user: User) => ReactNode;
}

/** All columns in their order; the first is pinned and always there. */
export const columns: readonly Column[] = [
  { id: 'name', title: 'Name', orderField: 'name', isDescendingFirst: false, draw: drawName },
  { id: 'email', title: 'Email', orderField: 'email', isDescendingFirst: false, draw: drawEmail },
  { id: 'role', title: 'Role', orderField: 'role', isDescendingFirst: false, draw: (user) => roleLabel(user.role) },
  { id: 'state', title: 'State', orderField: 'state', isDescendingFirst: true, draw: drawState },
  { id: 'tags', title: 'Tags', orderField: undefined, isDescendingFirst: false, draw: drawTags },
  {
    id: 'created_at',
    title: 'Created',
    orderField: 'created_at',
    isDescendingFirst: true,
    draw: (user) => drawTime(user.createdAt),
  },
  {
    id: 'updated_at',
    title: 'Changed',
    orderField: 'updated_at',
    isDescendingFirst: true,
    draw: (user) => drawTime(user.updatedAt),
  },
];

function drawName(user: User): ReactNode {
  return (
    <>
      <InitialsDisc name={user.name} />
      {/* Opens in its own tab by the browser's means; a plain press is the row's. */}
      <a
        href={`/users/${encodeURIComponent(user.id)}`}
        tabIndex={-1}
        className={styles.name}
        data-tip={user.name}
        data-tip-cut=""
      >
        <bdi>{user.name}</bdi>
        {/* The second line of a narrow screen, which has no column of emails. */}
        <bdi className={styles.second}>{user.email}</bdi>
      </a>
    </>
  );
}

function drawEmail(user: User): ReactNode {
  return (
    <span className={styles.text} data-tip={user.email} data-tip-cut="">
      <bdi>{user.email}</bdi>
    </span>
  );
}

function drawState(user: User): ReactNode {
  const isSuspended = user.state === UserState.SUSPENDED;
  return <Badge tone={isSuspended ? 'warn' : 'good'}>{stateLabel(user.state)}</Badge>;
}

function drawTags(user: User): ReactNode {
  if (user.tags.length === 0) return <span className="visually-hidden">none</span>;
  return (
    <span className={styles.tags} data-tip={user.tags.join(', ')} data-tip-cut="">
      {user.tags.map((tag) => (
        <Chip key={tag}>{tag}</Chip>
      ))}
    </span>
  );
}

function drawTime(time: User['createdAt']): ReactNode {
  return time ? <RelativeTime at={epochMs(time)} /> : <span className="visually-hidden">none</span>;
}

const hiddenAtFirst = 'updated_at';

export interface ColumnChoice {
  readonly shown: readonly Column[];
  readonly isShown: (id: Column['id']) => boolean;
  readonly toggle: (id: Column['id']) => void;
}

/** The remembered choice of columns. What is kept is what is hidden, so that a new column shows by itself. */
export function useColumns(): ColumnChoice {
  const [hidden, setHidden] = useStored('users.hiddenColumns', (text) => text ?? hiddenAtFirst);
  const isNarrow = useMedia(narrowScreen);
  // The same array while nothing changes, so that rows are not drawn again.
  return useMemo(() => {
    const names = hidden.split(' ').filter(Boolean);
    const isShown = (id: Column['id']) => id === 'name' || !names.includes(id);
    return {
      // On a narrow screen the email stands below the name.
      shown: columns.filter(({ id }) => isShown(id) && !(isNarrow && id === 'email')),
      isShown,
      toggle: (id) => setHidden((isShown(id) ? [...names, id] : names.filter((name) => name !== id)).join(' ')),
    };
  }, [hidden, isNarrow, setHidden]);
}
