import { ChangeKind, type UserChange } from '@roster/proto/gen/roster/history/v1/history_service';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { epochMs } from '@roster/proto/order';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Link } from 'wouter';
import { useOpener } from '../../../lib/use-opener.ts';
import { useSignedIn } from '../../../session/session-context.tsx';
import { Button } from '../../../ui/button.tsx';
import { ErrorBoundary } from '../../../ui/error-boundary.tsx';
import { ClockIcon, UndoIcon } from '../../../ui/icons.tsx';
import { ActorFacts } from './actor-facts.tsx';
import { DiffList } from './diff-list.tsx';
import styles from './entry-detail.module.css';
import { diffsOfChange } from './field-diffs.ts';
import { RevertQuestion } from './revert-question.tsx';
import { useRevert } from './use-revert.ts';

const AsOfSheet = lazy(() => import('../as-of/as-of-sheet.tsx').then((module) => ({ default: module.AsOfSheet })));

export interface EntryDetailProps {
  readonly change: UserChange;
  /** Links that narrow the list, or lead elsewhere. */
  readonly links?: ReactNode;
  /** The list is about this person; their page is where one is. */
  readonly isOfOne?: boolean;
  /** Learns what the user is after a change was taken back. */
  readonly onAnswer?: (user: User) => void;
}

/** One change in full: each field before and after, who did it from where, and what one can do about it. */
export function EntryDetail({ change, links, isOfOne = false, onAnswer = () => undefined }: EntryDetailProps) {
  const { access } = useSignedIn();
  const handle = useRevert(change, onAnswer);
  const [isBack, setBack] = useState(false);
  const mayRevert = change.kind !== ChangeKind.CREATED && access.may(revertMethod);
  const isAsking = handle.state.kind !== 'idle' && handle.state.kind !== 'failed';
  const opener = useOpener(isAsking);
  return (
    <div className={styles.detail}>
      {change.kind === ChangeKind.DELETED && (
        <p className={styles.note}>Out of all lists; can be restored as it was.</p>
      )}
      {change.kind === ChangeKind.UNDELETED && <p className={styles.note}>Back in the lists, as it was.</p>}
      {diffsOfChange(change).length > 0 && <DiffList label="What changed" diffs={diffsOfChange(change)} />}
      <ActorFacts
        actor={change.actor}
        at={epochMs(change.changedAt)}
        requestId={change.requestId}
        revision={change.revision}
      />
      <RevertQuestion change={change} handle={handle} />
      <div className={styles.actions}>
        {mayRevert && !isAsking && (
          <Button ref={opener} size="small" icon={<UndoIcon />} onClick={handle.ask}>
            Revert
          </Button>
        )}
        <Button size="small" icon={<ClockIcon />} onClick={() => setBack(true)}>
          View as of then
        </Button>
        {!isOfOne && (
          <Link href={`/users/${encodeURIComponent(change.userId)}`} className={styles.link}>
            Open <bdi className={styles.name}>{change.userName}</bdi>
          </Link>
        )}
        {links}
      </div>
      {isBack && (
        <ErrorBoundary>
          <Suspense>
            <AsOfSheet change={change} onClose={() => setBack(false)} />
          </Suspense>
        </ErrorBoundary>
      )}
    </div>
  );
}

const revertMethod = '/roster.history.v1.HistoryService/RevertUserChange';
