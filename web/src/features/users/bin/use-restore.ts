import type { User } from '@roster/proto/gen/userservice/v1/user';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { inSentence } from '../../../lib/in-sentence.ts';
import type { AppError } from '../../../rpc/app-error.ts';
import { pastProblemWords, problemWords } from '../../../session/problem-words.ts';
import { useToasts } from '../../../ui/toast-region.tsx';
import { useUndeleteUser } from '../api/undelete-user.ts';
import { putUser } from '../api/users-queries.ts';
import { useIsLive } from '../list/use-is-live.ts';
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
  const isLive = useIsLive(list);
  const [stages, setStages] = useState<ReadonlyMap<string, Stage>>(new Map());
  const enter = (id: string, stage: Stage) => setStages((known) => new Map([...known, [id, stage]]));

  async function restore({ id }: User): Promise<boolean> {
    enter(id, { kind: 'running' });
    const takeBack = list.applyDelete(id);
    try {
      const restored = await undeletion.mutateAsync(id);
      putUser(queryClient, restored);
      enter(id, { kind: 'restored' });
      toasts.confirm(`${inSentence(restored.name)} is restored`, { about: id });
      return true;
    } catch (thrown) {
      takeBack();
      enter(id, { kind: 'failed', error: thrown as AppError });
      return false;
    }
  }
  return {
    isRunning: (id) => stages.get(id)?.kind === 'running',
    isRestored: (id) => stages.get(id)?.kind === 'restored',
    problemOf(id) {
      const stage = stages.get(id);
      return stage?.kind === 'failed' ? wordsFor(stage.error, isLive) : undefined;
    },
    restore,
  };
}

function wordsFor(error: AppError, isLive: boolean): string | undefined {
  if (error.kind === 'taken') return 'Somebody else has this email address by now. Change theirs first.';
  return isLive ? pastProblemWords(error) : problemWords(error);
}
