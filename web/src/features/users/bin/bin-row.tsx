// biome-ignore-all lint/a11y/useSemanticElements: rows that are placed by transform on a track cannot be a table
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { Link } from 'wouter';
import { useNow } from '../../../lib/clock.ts';
import { inSentence } from '../../../lib/in-sentence.ts';
import { timeOf } from '../../../lib/time-of.ts';
import { roleLabel } from '../../../lib/user-words.ts';
import { useSignedIn } from '../../../session/session-context.tsx';
import { Button } from '../../../ui/button.tsx';
import { Badge } from '../../../ui/chip.tsx';
import { UndoIcon, WarningIcon } from '../../../ui/icons.tsx';
import { InitialsDisc } from '../../../ui/initials-disc.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import type { UserRow } from '../list/user-list.ts';
import styles from './bin-list.module.css';
import { timeLeft } from './time-left.ts';
import type { Restoring } from './use-restore.ts';

export interface BinRowProps {
  readonly row: UserRow;
  readonly index: number;
  readonly top: number;
  /** Who deleted them; undefined where that is not known. */
  readonly deleter: string | undefined;
  readonly restoring: Restoring;
  readonly onErase: (user: User) => void;
}

/** One deleted person: who, since when, for how long, and the two ways out. */
export function BinRow({ row, index, top, deleter, restoring, onErase }: BinRowProps) {
  const { user, isGone } = row;
  const { access } = useSignedIn();
  const mayRestore = access.may('/userservice.v1.UserService/UndeleteUser') && access.mayChange('*', user.role);
  const problem = restoring.problemOf(user.id);
  const name = inSentence(user.name);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: a row of a table has nothing to do; its buttons do
    <div
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      data-gone={isGone || undefined}
      className={styles.row}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div role="cell" className={styles.person}>
        <InitialsDisc name={user.name} size={24} />
        <Link href={`/users/${encodeURIComponent(user.id)}`} className={styles.who}>
          <bdi className={styles.name} data-tip={user.name} data-tip-cut="">
            {user.name}
          </bdi>
          <bdi className={styles.email} data-tip={user.email} data-tip-cut="">
            {user.email}
          </bdi>
        </Link>
      </div>
      <div role="cell" className={styles.role}>
        {roleLabel(user.role)}
      </div>
      {problem ? (
        <div role="cell" className={styles.problem}>
          <p role="alert">
            <WarningIcon />
            {problem}
          </p>
        </div>
      ) : (
        <>
          <div role="cell" className={styles.deleted}>
            <RelativeTime at={timeOf(user.deletedAt)} />
            {deleter !== undefined && (
              <span className={styles.deleter} data-tip={deleter} data-tip-cut="">
                by <bdi>{deleter}</bdi>
              </span>
            )}
          </div>
          <div role="cell" className={styles.left}>
            <Left user={user} />
          </div>
        </>
      )}
      <div role="cell" className={styles.actions}>
        {isGone ? (
          <span className={styles.outcome}>{restoring.isRestored(user.id) ? 'Restored' : 'Gone from the bin'}</span>
        ) : (
          <>
            {access.may('/userservice.v1.UserService/PurgeUser') && (
              <Button size="small" variant="quiet" aria-label={`Erase ${name} …`} onClick={() => onErase(user)}>
                Erase …
              </Button>
            )}
            {mayRestore && (
              <Button
                size="small"
                icon={<UndoIcon />}
                aria-label={`Restore ${name}`}
                isBusy={restoring.isRunning(user.id)}
                onClick={() => void restoring.restore(user)}
              >
                Restore
              </Button>
            )}
          </>
        )}
      </div>
    </div>
  );
}

function Left({ user }: { readonly user: User }) {
  const now = useNow(30_000);
  const left = timeLeft(timeOf(user.deletedAt) ?? now, useSignedIn().binDays, now);
  if (!left) return <span className="visually-hidden">For ever</span>;
  const words = (
    <span>
      {left.words}
      {!left.isOver && <span className={styles.leftWord}> left</span>}
    </span>
  );
  return left.isShort ? <Badge tone="warn">{words}</Badge> : words;
}
