import { useState } from 'react';
import { useNow } from '../../lib/clock.ts';
import { problemWords } from '../../session/problem-words.ts';
import { useSession } from '../../session/session-context.tsx';
import type { Ending } from '../../session/session-state.ts';
import { useSignOut } from '../../session/use-sign-out.ts';
import { useTask } from '../../session/use-task.ts';
import { Ask } from '../../ui/ask.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import styles from './session-dialogs.module.css';

/** Says before the session ends that it will, and lets the person put it off. */
export function EndingDialog({ ending }: { readonly ending: Ending }) {
  const session = useSession();
  const now = useNow(500);
  const [isDismissed, setDismissed] = useState(false);
  const stay = useTask(() => session.stay());
  const leave = useSignOut();
  const problem = problemWords(stay.error ?? leave.error);
  const left = leftWords(ending.at - now);
  if (isDismissed) return null;
  return (
    <Dialog
      title={`You will be signed out in ${left}`}
      className={styles.dialog}
      onClose={ending.isFinal ? () => setDismissed(true) : () => void stay.start()}
      actions={
        ending.isFinal ? (
          <>
            <Button variant="quiet" onClick={() => setDismissed(true)}>
              Not now
            </Button>
            <Button variant="primary" data-initial-focus onClick={() => session.interrupt()}>
              Sign in again
            </Button>
          </>
        ) : (
          <>
            <Button variant="quiet" isBusy={leave.isRunning} onClick={leave.start}>
              Sign out
            </Button>
            <Button variant="primary" data-initial-focus isBusy={stay.isRunning} onClick={() => void stay.start()}>
              Stay signed in
            </Button>
          </>
        )
      }
    >
      <div className={styles.body}>
        {problem && <Notice tone="bad">{problem}</Notice>}
        {leave.isAsking && (
          <Ask
            question="Sign out and lose what is not saved?"
            action="Sign out"
            isBusy={leave.isRunning}
            onAct={leave.confirm}
            onKeep={leave.decline}
          />
        )}
        <p>
          {ending.isFinal
            ? 'However busy it is, a session lasts twelve hours at most. What you have typed is kept while you sign in again.'
            : 'Nothing was done here for a while. What you have typed is kept.'}
        </p>
      </div>
    </Dialog>
  );
}

/** In steps that can be read without haste, until the last ten seconds. */
function leftWords(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  if (seconds > 100) return '2 minutes';
  if (seconds > 60) return `${Math.ceil(seconds / 10) * 10} seconds`;
  if (seconds > 10) return `${Math.ceil(seconds / 10) * 10} seconds`;
  return seconds === 1 ? '1 second' : `${seconds} seconds`;
}
