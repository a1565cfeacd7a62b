import type { UserChange } from '@roster/proto/gen/roster/history/v1/history_service';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { epochMs } from '@roster/proto/order';
import { useQuery } from '@tanstack/react-query';
import { formatExactTime } from '../../../lib/format-time.ts';
import type { AppError } from '../../../rpc/app-error.ts';
import { useClients } from '../../../rpc/clients.tsx';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Badge } from '../../../ui/chip.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { CloseIcon } from '../../../ui/icons.tsx';
import { InitialsDisc } from '../../../ui/initials-disc.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { ErrorState } from '../../../ui/state-message.tsx';
import { userAsOfQuery, userNowQuery } from '../api/history-queries.ts';
import { diffsOfUsers } from '../entry/field-diffs.ts';
import styles from './as-of-sheet.module.css';

/** A user as it was right after a change, to be read; what differs from now says so. */
export function AsOfSheet({ change, onClose }: { readonly change: UserChange; readonly onClose: () => void }) {
  const clients = useClients();
  const then = useQuery(userAsOfQuery(clients, change.userId, change.revision));
  const now = useQuery(userNowQuery(clients, change.userId));
  const at = epochMs(change.changedAt);
  return (
    <Dialog kind="sheet-right" title={`${change.userName} as of then`} onClose={onClose}>
      <header className={styles.head}>
        <InitialsDisc name={change.userName} size={40} />
        <div className={styles.who}>
          <p className={styles.name} dir="auto" data-tip={change.userName} data-tip-cut="">
            {change.userName}
          </p>
          <p className={styles.when}>
            As of <time dateTime={new Date(at).toISOString()}>{formatExactTime(at)}</time>
          </p>
        </div>
        <IconButton label="Close" icon={<CloseIcon />} onClick={onClose} />
      </header>
      <div className={styles.body}>
        {then.data ? (
          <Fields then={then.data} now={now.data} />
        ) : then.error ? (
          <Failed error={then.error} onRetry={() => void then.refetch()} />
        ) : (
          <Loading />
        )}
      </div>
    </Dialog>
  );
}

function Fields({ then, now }: { readonly then: User; readonly now: User | undefined }) {
  const diffs = diffsOfUsers(then, now ?? then);
  const changed = diffs.filter(({ isChanged }) => isChanged).length;
  const isOther = now !== undefined && (changed > 0 || Boolean(now.deletedAt) !== Boolean(then.deletedAt));
  return (
    <>
      <p className={styles.summary} role="status">
        {then.deletedAt && <Badge tone="bad">Deleted then</Badge>}
        {now?.deletedAt && !then.deletedAt && <Badge tone="bad">Deleted since</Badge>}
        {now === undefined ? null : isOther ? differenceWords(changed) : 'The same as now.'}
      </p>
      <dl className={styles.fields}>
        {diffs.map(({ path, label, before, after, isChanged }) => (
          <div key={path} className={styles.field} data-changed={isChanged || undefined}>
            <dt dir="auto">{label}</dt>
            <dd>
              <Text text={before} />
              {isChanged && (
                <span className={styles.now}>
                  <span className={styles.nowWord}>Now</span> <Text text={after} />
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Text({ text }: { readonly text: string | undefined }) {
  return text === undefined ? <span className={styles.none}>Nothing</span> : <span dir="auto">{text}</span>;
}

function differenceWords(changed: number): string {
  if (changed === 0) return 'All fields are the same now.';
  return changed === 1 ? '1 field is different now.' : `${changed} fields are different now.`;
}

function Failed({ error, onRetry }: { readonly error: AppError; readonly onRetry: () => void }) {
  const isGone = error.kind === 'not-found';
  return (
    <ErrorState
      title={isGone ? 'Nothing is known of that moment' : 'This could not be read'}
      requestId={error.requestId}
      actions={!isGone && <Button onClick={onRetry}>Try again</Button>}
    >
      {isGone ? 'The person has been erased, or the history does not reach back so far.' : error.message}
    </ErrorState>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="Loading the person" className={styles.loading}>
      {['name', 'email', 'role', 'state'].map((field) => (
        <Skeleton key={field} width="100%" height={16} />
      ))}
    </div>
  );
}
