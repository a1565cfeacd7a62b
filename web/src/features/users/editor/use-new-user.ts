import type { User } from '@roster/proto/gen/userservice/v1/user';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useIsGone } from '../../../lib/use-is-gone.ts';
import type { AppError } from '../../../rpc/app-error.ts';
import { usePersonStorage } from '../../../session/person-storage.ts';
import { type NewUser, useCreateUser } from '../api/create-user.ts';
import { putUser } from '../api/users-queries.ts';
import { countChanges, editDraft, startDraft } from './draft.ts';
import {
  forgetDraft,
  loadNewUser,
  newUserKey,
  setNewUserAside,
  settleNewUserAside,
  storeDraft,
  storeNewUser,
} from './draft-storage.ts';
import { checkForm, type FormErrors, noErrors, toFormErrors, withoutErrorsOf } from './form-errors.ts';
import {
  emptyForm,
  type FormPatch,
  filledLines,
  isEmptyForm,
  patchBetween,
  toUser,
  type UserFormValues,
} from './user-form.ts';

export type CreateOutcome =
  | { readonly kind: 'created'; readonly user: User }
  /** `error` is set where something belongs to no field. */
  | { readonly kind: 'refused'; readonly errors: FormErrors; readonly error: AppError | undefined };

export interface NewUserEditor {
  readonly values: UserFormValues;
  readonly errors: FormErrors;
  readonly problem: AppError | undefined;
  readonly isDirty: boolean;
  readonly isCreating: boolean;
  change(patch: FormPatch): void;
  discard(): void;
  /** Creates the user once, however often it is called meanwhile; undefined for the calls that came too many. Never rejects. */
  create(): Promise<CreateOutcome | undefined>;
}

/** Names this load of the page. */
const thisPage = performance.timeOrigin;

/** The last outcome, with the values it was about. */
interface Judged {
  readonly outcome: CreateOutcome | undefined;
  readonly values: UserFormValues;
}

/** The form of a new user. What is typed outlives a reload, until it is created or discarded. */
export function useNewUser(): NewUserEditor {
  const queryClient = useQueryClient();
  const creation = useCreateUser();
  const storage = usePersonStorage();
  const [values, setValues] = useState(() => loadNewUser(storage, thisPage) ?? emptyForm());
  const [judged, setJudged] = useState<Judged>({ outcome: undefined, values });
  const [isCreating, setCreating] = useState(false);
  const isSending = useRef(false);
  const isGone = useIsGone();
  const latest = useRef(values);
  const isDirty = !isEmptyForm(values);

  useEffect(() => {
    if (isDirty) storeNewUser(storage, values);
    else forgetDraft(storage, newUserKey);
  }, [storage, values, isDirty]);

  useEffect(
    () => () => {
      if (isSending.current) setNewUserAside(storage, thisPage);
    },
    [storage],
  );

  function put(next: UserFormValues): void {
    latest.current = next;
    setValues(next);
  }
  function discard(): void {
    put(emptyForm());
    forgetDraft(storage, newUserKey);
  }
  async function send(sent: UserFormValues): Promise<CreateOutcome> {
    const errors = checkForm(sent);
    if (errors.byField.size > 0) return { kind: 'refused', errors, error: undefined };
    return creation.mutateAsync(toNewUser(sent)).then(
      (user) => ({ kind: 'created', user }),
      (error: AppError) => refuse(error, sent),
    );
  }

  return {
    values,
    ...standing(judged, values),
    isDirty,
    isCreating,
    change: (patch) => put({ ...latest.current, ...patch }),
    discard,
    async create() {
      if (isSending.current) return undefined;
      isSending.current = true;
      setCreating(true);
      const sent = latest.current;
      const next = await send(sent);
      isSending.current = false;
      setCreating(false);
      setJudged({ outcome: next, values: sent });
      if (next.kind === 'created') {
        putUser(queryClient, next.user);
        // What was typed since it was sent is an edit of whom it has created.
        const edit = editDraft(startDraft(next.user), patchBetween(sent, latest.current));
        if (countChanges(edit) > 0) storeDraft(storage, next.user.id, edit);
      }
      if (isGone()) settleNewUserAside(storage, next.kind === 'created');
      else if (next.kind === 'created') discard();
      return next;
    },
  };
}

/** What still stands in the way: a fault goes when its field is edited, and what belongs to no field was about what was sent. */
function standing(
  { outcome, values: sent }: Judged,
  values: UserFormValues,
): Pick<NewUserEditor, 'errors' | 'problem'> {
  if (outcome?.kind !== 'refused') return { errors: noErrors, problem: undefined };
  if (sent === values) return { errors: outcome.errors, problem: outcome.error };
  return { errors: { ...withoutErrorsOf(outcome.errors, sent, values), general: [] }, problem: undefined };
}

function refuse(error: AppError, values: UserFormValues): CreateOutcome {
  const errors = 'fields' in error ? toFormErrors(error.fields, values) : noErrors;
  // Who has just declined to confirm who they are knows why nothing was created.
  const isSaid = (errors.byField.size > 0 && errors.general.length === 0) || error.kind === 'unconfirmed';
  return { kind: 'refused', errors, error: isSaid ? undefined : error };
}

function toNewUser(values: UserFormValues): NewUser {
  const { name, email, role, state, tags, metadata, address } = toUser(values);
  const hasAddress = address !== undefined && filledLines(values).length > 0;
  return { name, email, role, state, tags, metadata, ...(hasAddress && { address }) };
}
