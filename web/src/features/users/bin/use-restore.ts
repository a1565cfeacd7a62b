import type { User } from '@roster/proto/gen/userservice/v1/user';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { inSentence } from '../../../lib/in-sentence.ts';
import { useIsGone } from '../../../lib/use-is-gone.ts';
import type { AppError } from '../../../rpc/app-error.ts';
import { isOfConnection, notDoneWords, pastProblemWords, problemWords } from '../../../session/problem-words.ts';
import { useToasts } from '../../../ui/toast-region.tsx';
import { useUndeleteUser } from '../api/undelete-user.ts';
import { putUser } from '../api/users-queries.ts';
import { useIsReachable } from '../list/use-is-reachable.ts';
import type { UserList } from '../list/user-list.ts';

/** What becomes of people whom somebody wants back. */
export interface Restoring {
  isRunning(id: string): boolean;
  isRestored(id: string): boolean;
  /** Why a person could not be restored. */
  problemOf(id: string): string | undefined;
  /** Resolves with whether it went through. */
  restore(user: User): Promise<boolean>;
}

type Stage =
  | { readonly kind: 'running' }
  | { readonly kind: 'restored' }
  | { readonly kind: 'failed'; readonly error: AppError };

export function useRestore(list: UserList): Restoring {
  const queryClient = useQueryClient();
  const toasts = useToasts();
  const undeletion = useUndeleteUser();
  const isReachable = useIsReachable(list);
  const isGone = useIsGone();
  const [stages, setStages] = useState<ReadonlyMap<string, Stage>>(new Map());
  const enter = (id: string, stage: Stage) => setStages((known) => new Map([...known, [id, stage]]));

  async function restore({ id, name }: User): Promise<boolean> {
    enter(id, { kind: 'running' });
    const takeBack = list.applyDelete(id);
    try {
      const restored = await undeletion.mutateAsync(id);
      putUser(queryClient, restored);
      enter(id, { kind: 'restored' });
      toasts.confirm(`${inSentence(restored.name)} is restored`, { about: id });
      return true;
    } catch (thrown) {
      const error = thrown as AppError;
      takeBack();
      enter(id, { kind: 'failed', error });
      const words = wordsFor(error, false);
      // Nobody sees it in the bin any more.
      if (isGone() && words !== undefined)
        toasts.fail(notDoneWords(inSentence(name), 'restored', error), words, { about: id });
      return false;
    }
  }
  return {
    isRunning: (id) => stages.get(id)?.kind === 'running',
    isRestored: (id) => stages.get(id)?.kind === 'restored',
    problemOf(id) {
      const stage = stages.get(id);
      return stage?.kind === 'failed' ? wordsFor(stage.error, isReachable) : undefined;
    },
    restore,
  };
}

function wordsFor(error: AppError, isReachable: boolean): string | undefined {
  if (error.kind === 'taken') return 'Somebody else has this email address by now. Change theirs first.';
  return isReachable && isOfConnection(error) ? pastProblemWords(error) : problemWords(error);
}
