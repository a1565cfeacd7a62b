import { type RefObject, useEffect } from 'react';

/** Puts the focus into the first field at fault, each time that something new is wrong with a form. */
export function useFaultFocus(form: RefObject<HTMLElement | null>, error: unknown): void {
  useEffect(() => {
    // A button, as a list that opens has it, may not be called invalid.
    if (error !== undefined) form.current?.querySelector<HTMLElement>('[aria-invalid], button[data-invalid]')?.focus();
  }, [form, error]);
}
