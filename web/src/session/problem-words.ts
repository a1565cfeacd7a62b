import { PasskeyError } from '../lib/passkeys.ts';
import type { AppError, FieldError } from '../rpc/app-error.ts';
import { isAppError } from '../rpc/is-app-error.ts';

/** Why something did not go through, in words; undefined where there is nothing to say: it went through, or the person declined. */
export function problemWords(error: unknown): string | undefined {
  if (error === undefined) return undefined;
  if (error instanceof PasskeyError) return passkeyWords(error);
  return isAppError(error) ? callWords(error) : 'Something went wrong in this page.';
}

/** Only the connection is to blame, so it is no alarm any more once that is back. The server may have done what it was asked to before the answer was lost. */
export type ConnectionError = AppError & { readonly kind: 'unreachable' | 'timeout' };

export function isOfConnection(error: AppError): error is ConnectionError {
  return error.kind === 'unreachable' || error.kind === 'timeout';
}

/** Why something did not go through, once the connection is back that was to blame for it. */
export function pastProblemWords({ kind }: ConnectionError): string {
  return kind === 'unreachable'
    ? 'The server could not be reached when you tried this. Try again.'
    : 'The server did not answer when you tried this. What you see here is how it stands now.';
}

/** Says of somebody what has not been done (“saved”), or that this is not known. */
export function notDoneWords(name: string, done: string, error: AppError | undefined): string {
  return error && isOfConnection(error) ? `${name}: not known whether ${done}` : `${name} is not ${done}`;
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
      // In the past, for it is read for longer than it lasts.
      return 'The server could not be reached. Try again.';
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
