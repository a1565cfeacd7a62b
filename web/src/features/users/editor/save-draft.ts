import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { AppError } from '../../../rpc/app-error.ts';
import type { UserUpdate } from '../api/update-user.ts';
import { applyConflict, undecided } from './conflict.ts';
import { changesOf, type Draft } from './draft.ts';
import { checkForm, type FormErrors, noErrors, toFormErrors } from './form-errors.ts';
import { toUpdateRequest } from './form-mask.ts';
import { acceptAnswer } from './merge-remote.ts';
import { toUser } from './user-form.ts';

/** How a save ended. */
export type SaveOutcome =
  | { readonly kind: 'saved'; readonly user: User; readonly changeCount: number }
  | { readonly kind: 'nothing-to-save' }
  /** Fields are at fault, by the form's own check or by the server's; `error` is set where something belongs to no field. */
  | { readonly kind: 'refused'; readonly errors: FormErrors; readonly error: AppError | undefined }
  /** Somebody else changed these fields too; the person chooses for each. */
  | { readonly kind: 'undecided'; readonly paths: readonly string[] }
  /** It takes rights away from the very person who saves, and is sent again only when they say so. */
  | { readonly kind: 'self-unconfirmed'; readonly message: string }
  /** The person was asked to confirm who they are, and did not. */
  | { readonly kind: 'declined' };

export interface SaveParts {
  /** The draft as it is now; it goes on changing while a save is on its way. */
  latest(): Draft;
  step(next: (draft: Draft) => Draft): void;
  /** Fails with an `AppError`. */
  send(update: UserUpdate): Promise<User>;
}

/** How often a save is sent again by itself when a conflict leaves nothing to choose. */
const mostRebases = 3;

/** Saves what has changed, by field. Never rejects. */
export async function saveDraft(parts: SaveParts): Promise<SaveOutcome> {
  const { values, attributions } = parts.latest();
  const errors = checkForm(values);
  if (errors.byField.size > 0) return { kind: 'refused', errors, error: undefined };
  const paths = undecided(parts.latest());
  // The server has already told who changed these; asking it again tells nothing new.
  const isTold = paths.length > 0 && paths.every((path) => attributions.get(path)?.actor !== undefined);
  return isTold ? { kind: 'undecided', paths } : send(parts, 0);
}

async function send(parts: SaveParts, rebases: number): Promise<SaveOutcome> {
  const { base, values } = parts.latest();
  const mine = toUser(values);
  const leaves = changesOf(parts.latest());
  if (leaves.length === 0) return { kind: 'nothing-to-save' };
  return parts.send(toUpdateRequest(base, mine)).then(
    (user): SaveOutcome => {
      parts.step((draft) => acceptAnswer(draft, mine, leaves, user));
      return { kind: 'saved', user, changeCount: leaves.length };
    },
    (error: AppError) => recover(parts, error, rebases),
  );
}

function recover(parts: SaveParts, error: AppError, rebases: number): SaveOutcome | Promise<SaveOutcome> {
  switch (error.kind) {
    case 'unconfirmed':
      return { kind: 'declined' };
    case 'rule':
      if (error.reason === 'SELF_CHANGE_UNCONFIRMED') return { kind: 'self-unconfirmed', message: error.message };
      return { kind: 'refused', errors: noErrors, error };
    case 'not-permitted':
    case 'invalid':
    case 'taken': {
      const errors = toFormErrors(error.fields, parts.latest().values);
      const isSaid = errors.byField.size > 0 && errors.general.length === 0;
      return { kind: 'refused', errors, error: isSaid ? undefined : error };
    }
    case 'conflict': {
      const { conflict } = error;
      if (!conflict) return { kind: 'refused', errors: noErrors, error };
      parts.step((draft) => applyConflict(draft, conflict));
      const paths = undecided(parts.latest());
      if (paths.length > 0) return { kind: 'undecided', paths };
      return rebases < mostRebases ? send(parts, rebases + 1) : { kind: 'refused', errors: noErrors, error };
    }
    default:
      return { kind: 'refused', errors: noErrors, error };
  }
}
