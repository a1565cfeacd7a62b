import { type ReactNode, useState } from 'react';
import type { AppError } from '../../../rpc/app-error.ts';
import {
  type ConnectionError,
  isOfConnection,
  pastProblemWords,
  problemWords,
} from '../../../session/problem-words.ts';
import { WarningIcon } from '../../../ui/icons.tsx';
import { useIsReachable } from '../list/use-is-reachable.ts';
import type { UserList } from '../list/user-list.ts';
import styles from './problem-message.module.css';
import { pastSaveSentence, saveSentence } from './save-words.ts';

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

/** Why a save did not go through. */
export function SaveFailure({ error, general, list }: SaveFailureProps) {
  const past = usePast(list, error);
  if (general.length > 0) return <ProblemMessage requestId={error?.requestId}>{general.join(' ')}</ProblemMessage>;
  if (!error) return null;
  return (
    <ProblemMessage tone={past ? 'warn' : 'bad'} requestId={error.requestId}>
      {past ? pastSaveSentence(past) : saveSentence(error)}
    </ProblemMessage>
  );
}

/** Why what was to be done at one press did not go through. */
export function ActionFailure({ error, list }: { readonly error: AppError; readonly list: UserList | undefined }) {
  const past = usePast(list, error);
  return (
    <ProblemMessage tone={past ? 'warn' : 'bad'} requestId={error.requestId}>
      {past ? pastProblemWords(past) : problemWords(error)}
    </ProblemMessage>
  );
}

/** The error, where only the connection was to blame and the server has been there since. */
function usePast(list: UserList | undefined, error: AppError | undefined): ConnectionError | undefined {
  const isReachable = useIsReachable(list);
  const [past, setPast] = useState<ConnectionError>();
  if (isReachable && error && past !== error && isOfConnection(error)) setPast(error);
  return past === error ? past : undefined;
}
