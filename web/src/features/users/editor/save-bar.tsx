import type { ReactNode } from 'react';
import type { AppError } from '../../../rpc/app-error.ts';
import { Button } from '../../../ui/button.tsx';
import { WarningIcon } from '../../../ui/icons.tsx';
import styles from './save-bar.module.css';

export interface SaveBarProps {
  /** The form that the button submits. */
  readonly formId: string;
  readonly changeCount: number;
  readonly isSaving: boolean;
  /** False where the person may not save any more; then they can only discard. */
  readonly maySave: boolean;
  /** What stands in the way, above the bar. */
  readonly problem: ReactNode;
  /** The person is about to leave with changes. */
  readonly isLeaving: boolean;
  readonly onDiscard: () => void;
  readonly onLeave: () => void;
  readonly onStay: () => void;
}

/** The one bar of an edit: how much has changed, save, discard. It also asks, in place, before changes are left behind. */
export function SaveBar(props: SaveBarProps) {
  const { changeCount, isSaving, maySave, problem, isLeaving } = props;
  const changes = changeCount === 1 ? '1 change' : `${changeCount} changes`;
  return (
    <footer className={styles.foot}>
      {problem}
      {isLeaving ? (
        <div key="leaving" className={styles.bar} role="alertdialog" aria-label={`Discard ${changes}?`}>
          <p className={styles.words}>Discard {changes}?</p>
          <Button variant="quiet" autoFocus onClick={props.onStay}>
            Keep editing
          </Button>
          <Button variant="danger" onClick={props.onLeave}>
            Discard {changes}
          </Button>
        </div>
      ) : (
        <div className={styles.bar}>
          <p className={styles.words} role="status">
            {changes}
          </p>
          <Button variant="quiet" disabled={isSaving} onClick={props.onDiscard}>
            Discard
          </Button>
          {maySave && (
            <Button
              type="submit"
              form={props.formId}
              variant="primary"
              isBusy={isSaving}
              data-tip="Save"
              data-tip-keys="Ctrl S"
            >
              {isSaving ? 'Saving' : 'Save'}
            </Button>
          )}
        </div>
      )}
    </footer>
  );
}

/** An error that belongs to no field. */
export function ProblemMessage(props: {
  readonly children: ReactNode;
  readonly tone?: 'bad' | 'warn';
  readonly requestId?: string | undefined;
}) {
  const { children, tone = 'bad', requestId } = props;
  return (
    <div role="alert" className={styles.problem} data-tone={tone}>
      <WarningIcon />
      <div className={styles.problemWords}>
        <p dir="auto">{children}</p>
        {requestId && (
          <p className={styles.request}>
            Request <code>{requestId}</code>
          </p>
        )}
      </div>
    </div>
  );
}

/** What a failed save means for what was typed. */
export function saveSentence(error: AppError): string {
  switch (error.kind) {
    case 'unreachable':
      return `${error.message} Nothing you typed is lost; save again when the connection is back.`;
    case 'timeout':
      return `${error.message} It is not known whether the change was made; saving again is safe.`;
    case 'conflict':
      return `${error.message} Save again to put your changes on top.`;
    case 'limited':
      return error.retryAfterMs === undefined
        ? error.message
        : `${error.message} Try again in ${Math.ceil(error.retryAfterMs / 1000)} s.`;
    case 'invalid':
    case 'taken':
    case 'not-found':
    case 'rule':
    case 'not-permitted':
    case 'signed-out':
    case 'sign-in-failed':
    case 'unconfirmed':
    case 'fault':
      return error.message;
  }
}
