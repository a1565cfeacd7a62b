import type { UserRole } from '@roster/proto/gen/userservice/v1/user';
import type { ReactNode } from 'react';
import type { FormErrors } from './form-errors.ts';
import type { FormPatch, UserFormValues } from './user-form.ts';

/** What the fields of a form are given: the same for a user who exists and for a new one. */
export interface FormControls {
  readonly values: UserFormValues;
  readonly errors: FormErrors;
  /** Whether a field can only be looked at: the user is deleted, or the person may not change it. */
  isReadOnly(field: string): boolean;
  /** Whether the person may give this role to anybody. */
  mayGive(role: UserRole): boolean;
  change(patch: FormPatch): void;
  /** Whether a field differs from what is stored; always false for a new user. */
  isChanged(path: string): boolean;
  /** What stands below a field that somebody else has changed too. */
  notice(path: string): ReactNode;
}

/** Puts the focus into a field, by its name in `FormErrors`. */
export function focusField(form: HTMLElement | null, field: string): void {
  const name = CSS.escape(field);
  const slot =
    form?.querySelector(`[data-field="${name}"], [data-row="${name}"]`) ?? form?.querySelector(slotOf(field));
  const control = slot?.querySelector<HTMLElement>('input, button, textarea');
  control?.focus();
  slot?.scrollIntoView({ block: 'nearest' });
}

/** The field that an element belongs to. */
export function fieldOf(element: EventTarget | null): string | undefined {
  if (!(element instanceof Element)) return undefined;
  return element.closest<HTMLElement>('[data-field]')?.dataset['field'];
}

/** A fault of one tag or of a whole section shows at its control. */
function slotOf(field: string): string {
  return `[data-field="${CSS.escape(field.replace(/[[.].*$/, ''))}"], [data-field^="${CSS.escape(field)}."]`;
}
