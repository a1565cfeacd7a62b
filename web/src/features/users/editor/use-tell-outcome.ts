import type { User } from '@roster/proto/gen/userservice/v1/user';
import { useEffect } from 'react';
import { inSentence } from '../../../lib/in-sentence.ts';
import { useIsGone } from '../../../lib/use-is-gone.ts';
import { notDoneWords } from '../../../session/problem-words.ts';
import { useToasts } from '../../../ui/toast-region.tsx';
import type { SaveOutcome } from './save-draft.ts';
import { refusalWords } from './save-words.ts';

/** Tells how a save of a user ended: that it went through, and what stands in its way where the form that would say so has been left meanwhile. */
export function useTellOutcome(user: User, isDirty: boolean): (outcome: SaveOutcome) => void {
  const toasts = useToasts();
  const isGone = useIsGone();
  // Apart from what toasts say of a suspension or a deletion, which may still be taken back.
  const about = `saving ${user.id}`;
  useEffect(() => {
    if (!isDirty) toasts.settle(about);
  }, [isDirty, toasts, about]);

  return (outcome) => {
    if (outcome.kind === 'saved') {
      const words = outcome.changeCount === 1 ? 'Saved 1 change' : `Saved ${outcome.changeCount} changes`;
      toasts.confirm(isGone() ? `${words} of ${inSentence(outcome.user.name)}` : words, { about });
      return;
    }
    const why = isGone() ? refusalWords(outcome) : undefined;
    if (why === undefined) return;
    const error = outcome.kind === 'refused' ? outcome.error : undefined;
    toasts.fail(notDoneWords(inSentence(user.name), 'saved', error), why, { about });
  };
}
