import { Link, Redirect } from 'wouter';
import { problemWords } from '../../session/problem-words.ts';
import { passwordSetState } from '../../session/return-path.ts';
import { useSession, useSessionState } from '../../session/session-context.tsx';
import { useTask } from '../../session/use-task.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import styles from './sign-in-form.module.css';
import { VisitorCard } from './visitor-card.tsx';

/** Leads whoever has set a password, and has a passkey beside it, to where they sign in with both; past the console of somebody else, if that is open. */
export function PasswordSet() {
  const session = useSession();
  const state = useSessionState();
  const leave = useTask(() => session.signOut());
  if (state.kind !== 'signed-in' && state.kind !== 'interrupted') {
    return <Redirect to="/sign-in" replace state={passwordSetState} />;
  }
  const problem = problemWords(leave.error);
  const other = <bdi>{state.signedIn.user.name}</bdi>;
  return (
    <VisitorCard
      title="Your password is set"
      words={<p role="status">Somebody else is signed in here: {other}. Sign them out to sign in yourself.</p>}
      foot="You sign in with the new password and your passkey."
    >
      <div className={styles.form}>
        {problem && <Notice tone="bad">{problem}</Notice>}
        <Button
          variant="primary"
          className={styles.wide}
          isBusy={leave.isRunning}
          onClick={() => void leave.start()}
          autoFocus
        >
          Sign out {other}
        </Button>
        <p>
          <Link href="/users" className={styles.inline}>
            Go on as {other}
          </Link>
        </p>
      </div>
    </VisitorCard>
  );
}
