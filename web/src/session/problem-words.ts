import { PasskeyError } from '../lib/passkeys.ts';
import type { AppError, FieldError } from '../rpc/app-error.ts';
import { isAppError } from '../rpc/is-app-error.ts';

/** Why something around sign-in did not go through, in words; undefined where there is nothing to say: it went through, or the person declined. */
export function problemWords(error: unknown): string | undefined {
  if (error === undefined) return undefined;
  if (error instanceof PasskeyError) return passkeyWords(error);
  return isAppError(error) ? callWords(error) : 'Something went wrong in this page.';
}

/** The server's words on one field of what was sent; undefined where it has none. */
export function fieldProblem(error: unknown, field: string): string | undefined {
  return (
    fieldsOf(error)
      .filter((each) => each.field === field)
      .map(({ message }) => message)
      .join(' ') || undefined
  );
}

/** What is said of no field that is shown. */
export function otherProblem(error: unknown, shown: readonly string[]): string | undefined {
  const fields = fieldsOf(error);
  if (fields.length === 0) return problemWords(error);
  return (
    fields
      .filter(({ field }) => !shown.includes(field))
      .map(({ message }) => message)
      .join(' ') || undefined
  );
}

function fieldsOf(error: unknown): readonly FieldError[] {
  return isAppError(error) && 'fields' in error ? error.fields : [];
}

function passkeyWords({ failure }: PasskeyError): string | undefined {
  switch (failure) {
    case 'declined':
      return undefined;
    case 'known':
      return 'This device already holds a passkey for you.';
    case 'impossible':
      return 'This browser could not use a passkey here.';
  }
}

function callWords(error: AppError): string | undefined {
  switch (error.kind) {
    case 'unconfirmed':
      return undefined;
    case 'unreachable':
      return `${error.message} Nothing you typed is lost; try again when the connection is back.`;
    case 'timeout':
      return `${error.message} Try again.`;
    case 'limited':
    case 'invalid':
    case 'taken':
    case 'not-found':
    case 'conflict':
    case 'rule':
    case 'not-permitted':
    case 'signed-out':
    case 'sign-in-failed':
    case 'fault':
      return error.message;
  }
}
