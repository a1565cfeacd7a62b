import { type RefObject, useEffect } from 'react';

/** Puts the focus into the first field at fault, each time that something new is wrong with a form. */
export function useFaultFocus(form: RefObject<HTMLElement | null>, error: unknown): void {
  useEffect(() => {
    if (error !== undefined) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [form, error]);
}
