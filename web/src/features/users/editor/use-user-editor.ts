import type { User } from '@roster/proto/gen/userservice/v1/user';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppError } from '../../../rpc/app-error.ts';
import { isOfConnection } from '../../../session/problem-words.ts';
import { type UserUpdate, useUpdateUser } from '../api/update-user.ts';
import { putUser } from '../api/users-queries.ts';
import { undecided } from './conflict.ts';
import { type Draft, editDraft } from './draft.ts';
import { type FormErrors, noErrors, withoutErrorsOf } from './form-errors.ts';
import { type SaveOutcome, saveDraft } from './save-draft.ts';
import { useAuthors } from './use-authors.ts';
import { type DraftHandle, useDraft } from './use-draft.ts';
import type { FormPatch, UserFormValues } from './user-form.ts';

/** What stands in the way of a save beyond the fields at fault. */
export type SaveProblem =
  | { readonly kind: 'failed'; readonly error: AppError }
  | { readonly kind: 'undecided'; readonly paths: readonly string[] }
  /** It takes rights away from the very person who saves; they are asked whether they mean it. */
  | { readonly kind: 'self'; readonly message: string };

export interface UserEditor extends Pick<DraftHandle, 'draft' | 'changeCount' | 'step' | 'focus'> {
  readonly errors: FormErrors;
  readonly problem: SaveProblem | undefined;
  readonly isSaving: boolean;
  change(patch: FormPatch): void;
  discard(): void;
  /** Never rejects; what stands in the way is also in `errors` and `problem`. `isSelfConfirmed`: the person means it, though it takes away rights of their own. */
  save(isSelfConfirmed?: boolean): Promise<SaveOutcome>;
  /** Puts what stands in the way aside. */
  dismissProblem(): void;
}

/** The last outcome, with the values it was about: a fault goes when its field is edited. */
interface Judged {
  readonly outcome: SaveOutcome | undefined;
  readonly values: UserFormValues;
  /** The newest of the user that was known then: of another one the server may say something else. */
  readonly revision: number;
}

/** Edits one user and saves it by field. Start it anew (by `key`) for another user. */
export function useUserEditor(user: User, onAnswer: (user: User) => void): UserEditor {
  const queryClient = useQueryClient();
  const update = useUpdateUser();
  const [isSaving, setSaving] = useState(false);
  const { draft, changeCount, latest, step, focus, discard } = useDraft(user, isSaving);
  useAuthors(draft, step);
  const [judged, setJudged] = useState<Judged>({
    outcome: undefined,
    values: draft.values,
    revision: user.revision,
  });
  const judge = (outcome?: SaveOutcome, values = latest().values) =>
    setJudged({ outcome, values, revision: latest().remote.revision });

  return {
    draft,
    changeCount,
    step,
    focus,
    errors: errorsOf(judged, draft),
    problem: problemOf(judged, draft),
    isSaving,
    change(patch) {
      // What belongs to no field was about what was sent; of the rest each goes with its own field.
      if (problemOf(judged, draft)?.kind === 'failed') setJudged(withoutError(judged));
      step((held) => editDraft(held, patch));
    },
    discard() {
      discard();
      judge();
    },
    dismissProblem: () => judge(),
    async save(isSelfConfirmed = false) {
      setSaving(true);
      const sent = latest().values;
      const send = (change: UserUpdate) => update.mutateAsync({ ...change, confirmSelf: isSelfConfirmed });
      const outcome = await saveDraft({ latest, step, send });
      setSaving(false);
      judge(outcome, sent);
      if (outcome.kind === 'saved') {
        putUser(queryClient, outcome.user);
        onAnswer(outcome.user);
      }
      return outcome;
    },
  };
}

function withoutError(judged: Judged): Judged {
  const { outcome } = judged;
  if (outcome?.kind !== 'refused') return judged;
  return { ...judged, outcome: { ...outcome, errors: { ...outcome.errors, general: [] }, error: undefined } };
}

function errorsOf({ outcome, values }: Judged, draft: Draft): FormErrors {
  return outcome?.kind === 'refused' ? withoutErrorsOf(outcome.errors, values, draft.values) : noErrors;
}

function problemOf({ outcome, revision }: Judged, draft: Draft): SaveProblem | undefined {
  if (outcome?.kind === 'refused' && outcome.error) {
    const isOver = draft.remote.revision !== revision && !isOfConnection(outcome.error);
    return isOver ? undefined : { kind: 'failed', error: outcome.error };
  }
  if (outcome?.kind === 'self-unconfirmed') return { kind: 'self', message: outcome.message };
  if (outcome?.kind !== 'undecided') return undefined;
  // Once everything is chosen there is no problem any more.
  const paths = undecided(draft);
  return paths.length > 0 ? { kind: 'undecided', paths } : undefined;
}
