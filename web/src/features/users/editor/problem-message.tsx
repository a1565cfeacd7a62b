import type { ReactNode } from 'react';
import type { AppError } from '../../../rpc/app-error.ts';
import { isOfConnection, pastProblemWords, problemWords } from '../../../session/problem-words.ts';
import { WarningIcon } from '../../../ui/icons.tsx';
import { useIsLive } from '../list/use-is-live.ts';
import type { UserList } from '../list/user-list.ts';
import styles from './problem-message.module.css';
import { pastSaveSentence, saveSentence } from './save-sentence.ts';

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
  const isOver = isLive && isOfConnection(error);
  return (
    <ProblemMessage tone={isOver ? 'warn' : 'bad'} requestId={error.requestId}>
      {isOver ? pastSaveSentence(error) : saveSentence(error)}
    </ProblemMessage>
  );
}

/** Why what was to be done at one press did not go through. */
export function ActionFailure({ error, list }: { readonly error: AppError; readonly list: UserList | undefined }) {
  const isOver = useIsLive(list) && isOfConnection(error);
  return (
    <ProblemMessage tone={isOver ? 'warn' : 'bad'} requestId={error.requestId}>
      {isOver ? pastProblemWords(error) : problemWords(error)}
    </ProblemMessage>
  );
}
