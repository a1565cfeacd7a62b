import type { User } from '@roster/proto/gen/userservice/v1/user';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { AppError } from '../../../rpc/app-error.ts';
import { useUpdateUser } from '../api/update-user.ts';
import { putUser } from '../api/users-queries.ts';
import { applyConflict, undecided } from './conflict.ts';
import { changesOf, countChanges, type Draft, editDraft, startDraft } from './draft.ts';
import { forgetDraft, loadDraft, storeDraft } from './draft-storage.ts';
import { checkForm, type FormErrors, noErrors, toFormErrors, withoutErrorsOf } from './form-errors.ts';
import { toUpdateRequest } from './form-mask.ts';
import { acceptAnswer, mergeRemote, releaseHeld } from './merge-remote.ts';
import { type FormPatch, toUser } from './user-form.ts';

/** Why the last save did not go through, beyond the fields at fault. */
export type SaveProblem =
  | { readonly kind: 'failed'; readonly error: AppError }
  /** Somebody else changed these fields too; the person chooses for each. */
  | { readonly kind: 'undecided'; readonly paths: readonly string[] };

export interface UserEditor {
  readonly draft: Draft;
  readonly changeCount: number;
  readonly errors: FormErrors;
  readonly problem: SaveProblem | undefined;
  readonly isSaving: boolean;
  change(patch: FormPatch): void;
  /** Applies a pure step, such as a choice in a conflict. */
  step(next: (draft: Draft) => Draft): void;
  /** Which field has the focus; newer values wait for it to be left. */
  focus(path: string | undefined): void;
  discard(): void;
  /** Sends what changed. Never rejects: what stood in the way is in `errors` and `problem`, and in the result for whoever moves the focus. */
  save(): Promise<SaveResult>;
}

export type SaveResult =
  | { readonly kind: 'saved'; readonly changeCount: number }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly errors: FormErrors; readonly undecided: readonly string[] };

/** How often a save is sent again by itself when others keep changing the same fields back and forth. */
const mostRebases = 3;

/** Edits one user: keeps what is typed, lets newer states in, and saves by field. Start it anew (by `key`) for another user. */
export function useUserEditor(user: User, onAnswer: (user: User) => void): UserEditor {
  const queryClient = useQueryClient();
  const update = useUpdateUser();
  const [draft, setDraft] = useState(() => restore(user));
  const [errors, setErrors] = useState(noErrors);
  const [problem, setProblem] = useState<SaveProblem>();
  const [isSaving, setSaving] = useState(false);
  const latest = useRef(draft);
  const focused = useRef<string>(undefined);

  const step = useCallback((next: (draft: Draft) => Draft) => {
    const before = latest.current;
    latest.current = next(before);
    setDraft(latest.current);
    setErrors((held) => withoutErrorsOf(held, before.values, latest.current.values));
    setProblem((held) => stillHolds(held, latest.current));
  }, []);

  useEffect(() => {
    // While a save is on its way its own echo must not look like somebody else's edit.
    if (!isSaving) step((current) => mergeRemote(current, user, focused.current));
  }, [user, isSaving, step]);

  const changeCount = countChanges(draft);
  useEffect(() => {
    if (changeCount > 0) storeDraft(sessionStorage, user.id, draft);
    else forgetDraft(sessionStorage, user.id);
  }, [draft, changeCount, user.id]);

  async function send(rebases = 0): Promise<SaveResult> {
    const { base, values } = latest.current;
    const mine = toUser(values);
    const leaves = changesOf(latest.current);
    if (leaves.length === 0) return { kind: 'nothing' };
    return update.mutateAsync(toUpdateRequest(base, mine)).then(
      (answer): SaveResult => {
        step((current) => acceptAnswer(current, mine, leaves, answer));
        putUser(queryClient, answer);
        onAnswer(answer);
        return { kind: 'saved', changeCount: leaves.length };
      },
      (error: AppError) => {
        const conflict = error.kind === 'conflict' ? error.conflict : undefined;
        if (conflict) step((current) => applyConflict(current, conflict));
        const isDecided = conflict !== undefined && undecided(latest.current).length === 0;
        return isDecided && rebases < mostRebases ? send(rebases + 1) : refuse(error);
      },
    );
  }

  function refuse(error: AppError): SaveResult {
    const isFields = error.kind === 'invalid' || error.kind === 'taken';
    const found = isFields ? toFormErrors(error.fields, latest.current.values) : noErrors;
    const open = error.kind === 'conflict' ? undecided(latest.current) : [];
    setErrors(found);
    if (open.length > 0) setProblem({ kind: 'undecided', paths: open });
    else if (found.byField.size === 0 || found.general.length > 0) setProblem({ kind: 'failed', error });
    return { kind: 'refused', errors: found, undecided: open };
  }

  return {
    draft,
    changeCount,
    errors,
    problem,
    isSaving,
    step,
    change: (patch) => step((current) => editDraft(current, patch)),
    focus(path) {
      if (path === focused.current) return;
      focused.current = path;
      if (!isSaving) step(releaseHeld);
    },
    discard() {
      setErrors(noErrors);
      setProblem(undefined);
      step(({ remote }) => startDraft(remote));
      // At once, for the panel may close before the next effect runs.
      forgetDraft(sessionStorage, user.id);
    },
    async save() {
      const faults = checkForm(latest.current.values);
      setErrors(faults);
      setProblem(undefined);
      if (faults.byField.size > 0) return { kind: 'refused', errors: faults, undecided: [] };
      const known = undecided(latest.current);
      // The server has already told who changed these; asking it again tells nothing new.
      if (known.length > 0 && known.every((path) => latest.current.attributions.get(path)?.actor !== undefined)) {
        setProblem({ kind: 'undecided', paths: known });
        return { kind: 'refused', errors: noErrors, undecided: known };
      }
      setSaving(true);
      return send().finally(() => setSaving(false));
    },
  };
}

function restore(user: User): Draft {
  const kept = loadDraft(sessionStorage, user.id);
  return kept ? mergeRemote(kept, user) : startDraft(user);
}

/** A choice that has been made is no problem any more. */
function stillHolds(problem: SaveProblem | undefined, draft: Draft): SaveProblem | undefined {
  if (problem?.kind !== 'undecided') return problem;
  const paths = undecided(draft);
  return paths.length > 0 ? { kind: 'undecided', paths } : undefined;
}
