import { User, UserState } from '@roster/proto/gen/userservice/v1/user';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppError } from '../../../rpc/app-error.ts';
import { useToasts } from '../../../ui/toast-region.tsx';
import { useDeleteUser } from '../api/delete-user.ts';
import { useUndeleteUser } from '../api/undelete-user.ts';
import { useUpdateUser } from '../api/update-user.ts';
import { putUser, userKey } from '../api/users-queries.ts';
import type { UserList } from '../list/user-list.ts';
import { inSentence } from './in-sentence.ts';

/** What one can do to a user at one press, beside editing fields. */
export interface UserActions {
  /** Why the last one did not go through. */
  readonly error: AppError | undefined;
  readonly isBusy: boolean;
  /** Suspends or activates. */
  setState(state: UserState): void;
  /** Deletes softly; the toast takes it back. */
  remove(): void;
  restore(): void;
}

export function useUserActions(user: User, list: UserList | undefined): UserActions {
  const queryClient = useQueryClient();
  const toasts = useToasts();
  const [error, setError] = useState<AppError>();
  const update = useUpdateUser();
  const deletion = useDeleteUser();
  const undeletion = useUndeleteUser();

  function accept(answer: User): void {
    putUser(queryClient, answer);
    list?.applyAnswer(answer);
  }
  function run(command: Promise<void>): void {
    setError(undefined);
    command.catch(setError);
  }
  async function setState(state: UserState): Promise<void> {
    // The last press wins: the base revision is left out, for there is nothing to merge in one field. The mask names the state also where it is what
    // this drawing of the user has: an undo comes from an older one.
    const change = { id: user.id, user: User.create({ state }), updateMask: { paths: ['state'] }, baseRevision: 0 };
    accept(await update.mutateAsync(change));
    const words = state === UserState.SUSPENDED ? 'is suspended' : 'is active again';
    const before = user.state;
    toasts.confirm(`${inSentence(user.name)} ${words}`, { about: user.id, undo: () => run(setState(before)) });
  }
  async function remove(): Promise<void> {
    const takeBack = list?.applyDelete(user.id);
    try {
      await deletion.mutateAsync({ id: user.id, baseRevision: 0 });
    } catch (thrown) {
      takeBack?.();
      throw thrown;
    }
    await queryClient.invalidateQueries({ queryKey: userKey(user.id) });
    toasts.confirm(`${inSentence(user.name)} is deleted`, { about: user.id, undo: () => run(restore(takeBack)) });
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
    error,
    isBusy: update.isPending || deletion.isPending || undeletion.isPending,
    setState: (state) => run(setState(state)),
    remove: () => run(remove()),
    restore: () => run(restore()),
  };
}
