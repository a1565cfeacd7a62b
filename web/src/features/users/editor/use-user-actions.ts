import { User, UserState } from '@roster/proto/gen/userservice/v1/user';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { inSentence } from '../../../lib/in-sentence.ts';
import { useIsGone } from '../../../lib/use-is-gone.ts';
import type { AppError } from '../../../rpc/app-error.ts';
import { notDoneWords, problemWords } from '../../../session/problem-words.ts';
import { useToasts } from '../../../ui/toast-region.tsx';
import { useDeleteUser } from '../api/delete-user.ts';
import { useUndeleteUser } from '../api/undelete-user.ts';
import { useUpdateUser } from '../api/update-user.ts';
import { putUser, userKey } from '../api/users-queries.ts';
import type { UserList } from '../list/user-list.ts';

/** What one can do to a user at one press, beside editing fields. */
export interface UserActions {
  /** Why the last one did not go through. */
  readonly error: AppError | undefined;
  /** It would take away rights of the very person who does it, who is asked whether they mean it. */
  readonly question: SelfQuestion | undefined;
  readonly isBusy: boolean;
  /** Suspends or activates. */
  setState(state: UserState): void;
  /** Deletes softly; the toast takes it back. */
  remove(): void;
  restore(): void;
}

export interface SelfQuestion {
  readonly words: string;
  /** The words of the button that goes on. */
  readonly action: string;
  goOn(): void;
  leave(): void;
}

export function useUserActions(user: User, list: UserList | undefined): UserActions {
  const queryClient = useQueryClient();
  const toasts = useToasts();
  /** With the revision that is shown when it comes: once another one is, it has had its time. */
  const [failed, setFailed] = useState<{ readonly error: AppError; readonly revision: number }>();
  const [asked, setAsked] = useState<Omit<SelfQuestion, 'leave'>>();
  const update = useUpdateUser();
  const deletion = useDeleteUser();
  const undeletion = useUndeleteUser();
  const isGone = useIsGone();
  const shownRevision = useRef(user.revision);
  useEffect(() => {
    shownRevision.current = user.revision;
  }, [user.revision]);

  function accept(answer: User): void {
    putUser(queryClient, answer);
    list?.applyAnswer(answer);
  }
  /** `done`: what was to become of the user. `onSelf`: what is asked where the server wants to know whether the person means themselves. */
  function run(command: Promise<void>, done: string, onSelf?: Omit<SelfQuestion, 'leave'>): void {
    setFailed(undefined);
    setAsked(undefined);
    command.catch((thrown: AppError) => {
      if (thrown.kind === 'unconfirmed') return;
      // Nobody sees it beside the user any more.
      if (isGone()) {
        const why = problemWords(thrown) ?? thrown.message;
        toasts.fail(notDoneWords(inSentence(user.name), done, thrown), why, { about: user.id });
        return;
      }
      if (onSelf && thrown.kind === 'rule' && thrown.reason === 'SELF_CHANGE_UNCONFIRMED') setAsked(onSelf);
      else setFailed({ error: thrown, revision: shownRevision.current });
    });
  }
  async function setState(state: UserState, confirmSelf = false): Promise<void> {
    // The last press wins: the base revision is left out, for there is nothing to merge in one field. The mask names the state also where it is what
    // this drawing of the user has: an undo comes from an older one.
    const change = {
      id: user.id,
      user: User.create({ state }),
      updateMask: { paths: ['state'] },
      baseRevision: 0,
      confirmSelf,
    };
    accept(await update.mutateAsync(change));
    const words = state === UserState.SUSPENDED ? 'is suspended' : 'is active again';
    const before = user.state;
    toasts.confirm(`${inSentence(user.name)} ${words}`, { about: user.id, undo: () => undoBy(setState(before)) });
  }
  async function remove(confirmSelf = false): Promise<void> {
    const takeBack = list?.applyDelete(user.id);
    try {
      await deletion.mutateAsync({ id: user.id, baseRevision: 0, confirmSelf });
    } catch (thrown) {
      takeBack?.();
      throw thrown;
    }
    await queryClient.invalidateQueries({ queryKey: userKey(user.id) });
    toasts.confirm(`${inSentence(user.name)} is deleted`, { about: user.id, undo: () => undoBy(restore(takeBack)) });
  }
  async function restore(takeBack?: () => void): Promise<void> {
    const known = queryClient.getQueryData<User>(userKey(user.id));
    // Somebody may have restored it while the toast was still offering to.
    if (known && !known.deletedAt) return;
    const restored = await undeletion.mutateAsync(user.id);
    takeBack?.();
    accept(restored);
    toasts.confirm(`${inSentence(restored.name)} is restored`, { about: user.id });
  }

  return {
    error: failed?.revision === user.revision ? failed.error : undefined,
    isBusy: update.isPending || deletion.isPending || undeletion.isPending,
    question: asked && { ...asked, leave: () => setAsked(undefined) },
    setState(state) {
      const done = state === UserState.SUSPENDED ? 'suspended' : 'active again';
      run(setState(state), done, {
        words: 'Suspend yourself?',
        action: 'Suspend myself',
        goOn: () => run(setState(state, true), done),
      });
    },
    remove() {
      run(remove(), 'deleted', {
        words: 'Delete yourself?',
        action: 'Delete myself',
        goOn: () => run(remove(true), 'deleted'),
      });
    },
    restore: () => run(restore(), 'restored'),
  };
}

/** What a toast learns of its undo. It says itself why that did not go through: what the user was shown in may be closed by then. */
function undoBy(command: Promise<void>): Promise<string | undefined> {
  return command.then(() => undefined, problemWords);
}
