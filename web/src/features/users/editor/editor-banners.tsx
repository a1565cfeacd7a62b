import type { User } from '@roster/proto/gen/userservice/v1/user';
import { timeOf } from '../../../lib/time-of.ts';
import { Ask } from '../../../ui/ask.tsx';
import { Button } from '../../../ui/button.tsx';
import { UndoIcon } from '../../../ui/icons.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import styles from './editor.module.css';
import type { SelfQuestion, UserActions } from './use-user-actions.ts';

interface DeletedBannerProps {
  readonly user: User;
  readonly actions: UserActions;
  readonly mayRestore: boolean;
}

/** That the user is deleted, and the way back. */
export function DeletedBanner({ user, actions, mayRestore }: DeletedBannerProps) {
  return (
    <div className={styles.banner} role="status">
      <p>
        Deleted <RelativeTime at={timeOf(user.deletedAt)} />. It can be restored as it was.
      </p>
      {mayRestore && (
        <Button size="small" icon={<UndoIcon />} isBusy={actions.isBusy} onClick={actions.restore}>
          Restore
        </Button>
      )}
    </div>
  );
}

/** Why everything here can only be looked at. */
export function LockedBanner({ reason }: { readonly reason: string }) {
  return (
    <div className={styles.banner} role="status">
      <p>{reason}</p>
    </div>
  );
}

/** The second step before somebody takes away rights of their own. */
export function SelfQuestionBar({ question, isBusy }: { readonly question: SelfQuestion; readonly isBusy: boolean }) {
  return (
    <div className={styles.question}>
      <Ask
        question={question.words}
        action={question.action}
        isBusy={isBusy}
        onAct={question.goOn}
        onKeep={question.leave}
      >
        You are signed out at once, and only another admin can let you in again.
      </Ask>
    </div>
  );
}
