import type { AppError } from './app-error.ts';

/** Whether something that was thrown is what a call of ours fails with. */
export function isAppError(thrown: unknown): thrown is AppError {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    'kind' in thrown &&
    'message' in thrown &&
    !(thrown instanceof Error)
  );
}
