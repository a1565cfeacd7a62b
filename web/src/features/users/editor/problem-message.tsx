import type { ReactNode } from 'react';
import type { AppError } from '../../../rpc/app-error.ts';
import { WarningIcon } from '../../../ui/icons.tsx';
import type { UserList } from '../list/user-list.ts';
import styles from './problem-message.module.css';
import { saveSentence } from './save-sentence.ts';
import { useIsLive } from './use-is-live.ts';

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

export interface SaveFailureProps {
  readonly error: AppError | undefined;
  /** What the server has against the input as a whole; said in place of the error's own words. */
  readonly general: readonly string[];
  /** The list beside the form, which knows when the server is there again. */
  readonly list: UserList | undefined;
}

/** Why a save did not go through. What only the connection was to blame for is no alarm any more once it is back. */
export function SaveFailure({ error, general, list }: SaveFailureProps) {
  const isLive = useIsLive(list);
  if (general.length > 0) return <ProblemMessage requestId={error?.requestId}>{general.join(' ')}</ProblemMessage>;
  if (!error) return null;
  const isOver = isLive && error.kind === 'unreachable';
  return (
    <ProblemMessage tone={isOver ? 'warn' : 'bad'} requestId={error.requestId}>
      {isOver
        ? 'The server could not be reached when you saved. Nothing you typed is lost; save again.'
        : saveSentence(error)}
    </ProblemMessage>
  );
}
