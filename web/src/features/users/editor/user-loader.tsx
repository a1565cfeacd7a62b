import { User } from '@roster/proto/gen/userservice/v1/user';
import { type ReactNode, useMemo } from 'react';
import type { AppError } from '../../../rpc/app-error.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { CloseIcon } from '../../../ui/icons.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { ErrorState } from '../../../ui/state-message.tsx';
import { useUser } from '../api/use-user.ts';
import type { UserList } from '../list/user-list.ts';
import styles from './user-loader.module.css';

export interface UserLoaderProps {
  readonly userId: string;
  readonly list?: UserList;
  /** Absent on the full page. */
  readonly onClose?: () => void;
  /** Stands above while there is no user to draw. */
  readonly head?: ReactNode;
  /** `isErased`: there is no such user any more; what is drawn is what was last known. */
  readonly children: (user: User, isErased: boolean) => ReactNode;
}

/** Draws a user once it is there; until then, or where it cannot be had, says so. A user that is shown stays when reading it anew fails. */
export function UserLoader({ userId, list, onClose, head, children }: UserLoaderProps) {
  const { data, error, isFetching, refetch } = useUser(userId, list);
  const isErased = error?.kind === 'not-found';
  // They can be looked at as somebody who is deleted, whether or not that was seen.
  const user = useMemo(
    () => (data && isErased ? User.create({ ...(data.updatedAt && { deletedAt: data.updatedAt }), ...data }) : data),
    [data, isErased],
  );
  if (user) return children(user, isErased);
  return (
    <div className={styles.frame}>
      {head}
      {onClose && (
        <div className={styles.close}>
          <IconButton label="Close" icon={<CloseIcon />} onClick={onClose} />
        </div>
      )}
      {error ? <Failed error={error} isRetrying={isFetching} onRetry={() => void refetch()} /> : <Loading />}
    </div>
  );
}

function Failed(props: { readonly error: AppError; readonly isRetrying: boolean; readonly onRetry: () => void }) {
  const { error, isRetrying, onRetry } = props;
  const { title, words, mayRetry } = explain(error);
  return (
    <ErrorState
      title={title}
      requestId={error.requestId}
      actions={
        mayRetry && (
          <Button isBusy={isRetrying} onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {words}
    </ErrorState>
  );
}

function explain(error: AppError): { readonly title: string; readonly words: string; readonly mayRetry: boolean } {
  switch (error.kind) {
    case 'not-found':
    case 'invalid':
      return { title: 'No such user', words: 'There is no user with this id, or it has been erased.', mayRetry: false };
    case 'not-permitted':
      return { title: 'You may not see this user', words: error.message, mayRetry: false };
    case 'signed-out':
      return { title: 'You are signed out', words: error.message, mayRetry: true };
    case 'unreachable':
    case 'timeout':
    case 'limited':
    case 'fault':
    case 'taken':
    case 'conflict':
    case 'rule':
    case 'sign-in-failed':
    case 'unconfirmed':
      return { title: 'This user could not be read', words: error.message, mayRetry: true };
  }
}

/** The shape of what is coming; it appears only when that takes a moment. */
function Loading() {
  return (
    <div role="status" aria-label="Loading the user" className={styles.skeleton}>
      <div className={styles.head}>
        <Skeleton width={40} height={40} />
        <div className={styles.lines}>
          <Skeleton width={160} height={12} />
          <Skeleton width={220} />
        </div>
      </div>
      {['name', 'email', 'tags', 'role'].map((field) => (
        <div key={field} className={styles.lines}>
          <Skeleton width={48} />
          <Skeleton width="100%" height={32} />
        </div>
      ))}
    </div>
  );
}
