import type { UserChange } from '@roster/proto/gen/roster/history/v1/history_service';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { useState } from 'react';
import { inSentence } from '../../../lib/in-sentence.ts';
import { useIsGone } from '../../../lib/use-is-gone.ts';
import type { AppError } from '../../../rpc/app-error.ts';
import { isAppError } from '../../../rpc/is-app-error.ts';
import { notDoneWords, problemWords } from '../../../session/problem-words.ts';
import { useToasts } from '../../../ui/toast-region.tsx';
import { useRevertChange } from '../api/revert-change.ts';

/** Where taking a change back stands. */
export type RevertState =
  | { readonly kind: 'idle' }
  /** The person is asked whether they mean it. */
  | { readonly kind: 'asking' }
  /** Somebody has changed the same fields since; the person decides. */
  | { readonly kind: 'contested'; readonly error: AppError & { readonly kind: 'conflict' } }
  /** It takes rights away from the person themselves; asked once more. `overwrite` as it was sent. */
  | { readonly kind: 'about-self'; readonly overwrite: boolean }
  | { readonly kind: 'failed'; readonly error: AppError };

export interface RevertHandle {
  readonly state: RevertState;
  readonly isBusy: boolean;
  ask(): void;
  cancel(): void;
  /** Takes it back; `overwrite` over what has changed since, `confirmSelf` though it is about oneself. */
  revert(how?: { readonly overwrite?: boolean; readonly confirmSelf?: boolean }): void;
}

/** Takes a change back, with a toast that takes that back again. `onAnswer` learns what the user is then. */
export function useRevert(change: UserChange, onAnswer: (user: User) => void): RevertHandle {
  const [state, setState] = useState<RevertState>({ kind: 'idle' });
  const command = useRevertChange();
  const toasts = useToasts();
  const isGone = useIsGone();

  async function revert({ overwrite = false, confirmSelf = false } = {}): Promise<void> {
    try {
      const user = await command.mutateAsync({ revision: change.revision, overwrite, confirmSelf });
      setState({ kind: 'idle' });
      onAnswer(user);
      // What was overwritten may have been the same already; then there is no change of one's own to take back.
      const undo = overwrite ? {} : { undo: () => undoRevert(user.revision) };
      toasts.confirm(`A change of ${inSentence(user.name)} is taken back`, { about: user.id, ...undo });
    } catch (thrown) {
      if (!isAppError(thrown)) throw thrown;
      const error = thrown;
      // Who has just declined to confirm who they are knows why nothing has come of it.
      if (error.kind === 'unconfirmed') setState({ kind: 'idle' });
      else if (isGone())
        toasts.fail(
          notDoneWords(`A change of ${inSentence(change.userName)}`, 'taken back', error),
          problemWords(error) ?? error.message,
        );
      else if (error.kind === 'conflict') setState({ kind: 'contested', error });
      else if (error.kind === 'rule' && error.reason === 'SELF_CHANGE_UNCONFIRMED') {
        setState({ kind: 'about-self', overwrite });
      } else setState({ kind: 'failed', error });
    }
  }

  /** Its toast says why it did not go through: the entry may be folded by then. */
  async function undoRevert(revision: number): Promise<string | undefined> {
    try {
      const user = await command.mutateAsync({ revision, overwrite: false, confirmSelf: false });
      onAnswer(user);
      toasts.confirm(`${inSentence(user.name)} is as before`, { about: user.id });
      return undefined;
    } catch (thrown) {
      return problemWords(thrown);
    }
  }

  return {
    state,
    isBusy: command.isPending,
    ask: () => setState({ kind: 'asking' }),
    cancel: () => setState({ kind: 'idle' }),
    revert: (how) => void revert(how),
  };
}
