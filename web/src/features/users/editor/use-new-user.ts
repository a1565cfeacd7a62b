import type { User } from '@roster/proto/gen/userservice/v1/user';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { AppError } from '../../../rpc/app-error.ts';
import { type NewUser, useCreateUser } from '../api/create-user.ts';
import { putUser } from '../api/users-queries.ts';
import { forgetDraft, loadNewUser, newUserKey, storeNewUser } from './draft-storage.ts';
import { checkForm, type FormErrors, noErrors, toFormErrors, withoutErrorsOf } from './form-errors.ts';
import { emptyForm, type FormPatch, toUser, type UserFormValues } from './user-form.ts';

export type CreateResult =
  | { readonly kind: 'created'; readonly user: User }
  | { readonly kind: 'refused'; readonly errors: FormErrors };

export interface NewUserEditor {
  readonly values: UserFormValues;
  readonly errors: FormErrors;
  /** What went wrong beside the fields. */
  readonly problem: AppError | undefined;
  readonly isDirty: boolean;
  readonly isCreating: boolean;
  change(patch: FormPatch): void;
  discard(): void;
  /** Creates the user once, however often it is called meanwhile; undefined for the calls that came too many. */
  create(): Promise<CreateResult | undefined>;
}

/** The form of a new user. What is typed outlives closing the panel and a reload, until it is created or discarded. */
export function useNewUser(): NewUserEditor {
  const queryClient = useQueryClient();
  const creation = useCreateUser();
  const [values, setValues] = useState(() => loadNewUser(sessionStorage) ?? emptyForm());
  const [errors, setErrors] = useState(noErrors);
  const [problem, setProblem] = useState<AppError>();
  const isSending = useRef(false);
  const latest = useRef(values);
  const isDirty = !isUntouched(values);

  useEffect(() => {
    if (isDirty) storeNewUser(sessionStorage, values);
    else forgetDraft(sessionStorage, newUserKey);
  }, [values, isDirty]);

  function put(next: UserFormValues): void {
    const before = latest.current;
    latest.current = next;
    setValues(next);
    setErrors((held) => withoutErrorsOf(held, before, next));
  }
  function accept(user: User): CreateResult {
    putUser(queryClient, user);
    forgetDraft(sessionStorage, newUserKey);
    put(emptyForm());
    return { kind: 'created', user };
  }
  function refuse(error: AppError): CreateResult {
    const isFields = error.kind === 'invalid' || error.kind === 'taken';
    const found = isFields ? toFormErrors(error.fields, latest.current) : noErrors;
    setErrors(found);
    if (found.byField.size === 0 || found.general.length > 0) setProblem(error);
    return { kind: 'refused', errors: found };
  }

  return {
    values,
    errors,
    problem,
    isDirty,
    isCreating: creation.isPending,
    change: (patch) => put({ ...latest.current, ...patch }),
    discard() {
      put(emptyForm());
      forgetDraft(sessionStorage, newUserKey);
    },
    async create() {
      if (isSending.current) return undefined;
      const faults = checkForm(latest.current);
      setErrors(faults);
      setProblem(undefined);
      if (faults.byField.size > 0) return { kind: 'refused', errors: faults };
      isSending.current = true;
      return creation
        .mutateAsync(toNewUser(latest.current))
        .then(accept, refuse)
        .finally(() => {
          isSending.current = false;
        });
    },
  };
}

function toNewUser(values: UserFormValues): NewUser {
  const { name, email, role, state, tags, metadata, address } = toUser(values);
  const hasAddress = Object.values(values.address).some((line) => line !== '');
  return { name, email, role, state, tags, metadata, ...(hasAddress && address && { address }) };
}

function isUntouched(values: UserFormValues): boolean {
  return (
    JSON.stringify({ ...values, metadata: values.metadata.filter(({ key, value }) => key || value) }) === untouched()
  );
}

function untouched(): string {
  return JSON.stringify(emptyForm());
}
