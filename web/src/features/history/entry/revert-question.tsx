import { ChangeKind, type UserChange } from '@roster/proto/gen/roster/history/v1/history_service';
import { User } from '@roster/proto/gen/userservice/v1/user';
import type { FieldChange } from '@roster/proto/gen/userservice/v1/user_service';
import { type Leaf, parseMaskPath } from '@roster/proto/mask-paths';
import { type ReactNode, useEffect, useRef } from 'react';
import { timeOf } from '../../../lib/time-of.ts';
import { leafLabel, leafText } from '../../../lib/user-words.ts';
import { problemWords } from '../../../session/problem-words.ts';
import { Button } from '../../../ui/button.tsx';
import { WarningIcon } from '../../../ui/icons.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { leavesOfChange } from './change-words.ts';
import styles from './revert-question.module.css';
import type { RevertHandle } from './use-revert.ts';

/** What is asked or said before a change is taken back; in place, no dialog. */
export function RevertQuestion({ change, handle }: { readonly change: UserChange; readonly handle: RevertHandle }) {
  const { state, isBusy, revert, cancel } = handle;
  switch (state.kind) {
    case 'idle':
      return null;
    case 'asking':
      return (
        <Question
          label="Revert this change"
          actions={
            <>
              <Button size="small" variant="primary" isBusy={isBusy} onClick={() => revert()}>
                {actionWords(change)}
              </Button>
              <Button size="small" variant="quiet" onClick={cancel}>
                Cancel
              </Button>
            </>
          }
        >
          <Outcome change={change} />
        </Question>
      );
    case 'contested':
      return (
        <Question
          label="This has changed since"
          isWarning
          actions={
            <>
              <Button size="small" isBusy={isBusy} onClick={() => revert({ overwrite: true })}>
                Revert all the same
              </Button>
              <Button size="small" variant="quiet" onClick={cancel}>
                Leave it as it is
              </Button>
            </>
          }
        >
          <p className={styles.words}>Somebody has changed this since. Reverting would undo that too.</p>
          {state.error.conflict?.changes.map((since) => (
            <Since key={since.path} since={since} change={change} />
          ))}
        </Question>
      );
    case 'about-self':
      return (
        <Question
          label="This is about you"
          isWarning
          actions={
            <>
              <Button
                size="small"
                variant="danger"
                isBusy={isBusy}
                onClick={() => revert({ overwrite: state.overwrite, confirmSelf: true })}
              >
                Revert it for myself
              </Button>
              <Button size="small" variant="quiet" onClick={cancel}>
                Cancel
              </Button>
            </>
          }
        >
          <p className={styles.words}>Reverting takes rights away from yourself. You may not be able to undo it.</p>
        </Question>
      );
    case 'failed':
      return (
        <div role="alert" className={styles.question} data-warning="true">
          <p className={styles.words}>
            <WarningIcon /> {problemWords(state.error)}
          </p>
          {state.error.requestId && (
            <p className={styles.request}>
              Request <code>{state.error.requestId}</code>
            </p>
          )}
          <div className={styles.actions}>
            <Button size="small" variant="quiet" onClick={cancel}>
              Dismiss
            </Button>
          </div>
        </div>
      );
  }
}

interface QuestionProps {
  readonly label: string;
  readonly isWarning?: boolean;
  readonly actions: ReactNode;
  readonly children: ReactNode;
}

/** Takes the focus when it comes, for the button that led here is gone. */
function Question({ label, isWarning, actions, children }: QuestionProps) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => ref.current?.querySelector('button')?.focus(), []);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would draw its own frame
    <div ref={ref} role="group" aria-label={label} className={styles.question} data-warning={isWarning || undefined}>
      {children}
      <div className={styles.actions}>{actions}</div>
    </div>
  );
}

/** What will be true afterwards, field by field. */
function Outcome({ change }: { readonly change: UserChange }) {
  if (change.kind === ChangeKind.DELETED) return <p className={styles.words}>The person is restored.</p>;
  if (change.kind === ChangeKind.UNDELETED) return <p className={styles.words}>The person is deleted again.</p>;
  return (
    <ul className={styles.outcome}>
      {leavesOfChange(change).map((leaf) => (
        <li key={JSON.stringify(leaf)}>
          <bdi className={styles.label}>{leafLabel(leaf)}</bdi> goes back to <Value user={change.before} leaf={leaf} />
        </li>
      ))}
    </ul>
  );
}

function Value({ user, leaf }: { readonly user: User | undefined; readonly leaf: Leaf }) {
  const text = leafText(user ?? User.create(), leaf);
  return text === undefined ? <span className={styles.none}>nothing</span> : <bdi className={styles.value}>{text}</bdi>;
}

/** One field that has changed since: who, when, what it is now and what it would become. */
function Since({ since, change }: { readonly since: FieldChange; readonly change: UserChange }) {
  const { path, actor, changedAt, after } = since;
  const parsed = parseMaskPath(path);
  const leaf = leavesOfChange(change).find((one) => parsed && JSON.stringify(one) === JSON.stringify(parsed));
  const at = timeOf(changedAt);
  return (
    <div className={styles.since}>
      <p className={styles.who}>
        <bdi className={styles.label}>{actor || 'Somebody'}</bdi> changed{' '}
        <bdi className={styles.label}>{leaf ? leafLabel(leaf) : 'whether the person is deleted'}</bdi>{' '}
        {at !== undefined && <RelativeTime at={at} />}
      </p>
      {leaf && (
        <dl className={styles.values}>
          <div>
            <dt>Now</dt>
            <dd>
              {after ? <Value user={after} leaf={leaf} /> : <span className={styles.none}>Too long to show here</span>}
            </dd>
          </div>
          <div>
            <dt>Reverted</dt>
            <dd>
              <Value user={change.before} leaf={leaf} />
            </dd>
          </div>
        </dl>
      )}
    </div>
  );
}

function actionWords(change: UserChange): string {
  if (change.kind === ChangeKind.DELETED) return 'Restore';
  if (change.kind === ChangeKind.UNDELETED) return 'Delete';
  return change.paths.length === 1 ? 'Revert 1 field' : `Revert ${change.paths.length} fields`;
}
