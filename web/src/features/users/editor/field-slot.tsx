import type { ReactNode } from 'react';
import styles from './fields.module.css';
import type { FormControls } from './form-controls.ts';

export interface FieldSlotProps {
  readonly form: FormControls;
  /** The field's path, as in a mask. */
  readonly field: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** One field of a form with what belongs below it; by its name the focus finds it. */
export function FieldSlot({ form, field, className, children }: FieldSlotProps) {
  return (
    <div data-field={field} className={className}>
      {children}
      {form.notice(field)}
    </div>
  );
}

/** Gives a kit's field its error and the mark that it was changed. */
export function fieldState(form: FormControls, field: string) {
  return {
    error: form.errors.byField.get(field),
    note: form.isChanged(field) && <span className={styles.changed}>Changed</span>,
  };
}
