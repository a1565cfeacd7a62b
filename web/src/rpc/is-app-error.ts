import type { AppError } from './app-error.ts';

/** Whether something that was thrown is what a call of ours fails with. */
export function isAppError(thrown: unknown): thrown is AppError {
  const isPlain = typeof thrown === 'object' && thrown !== null && !(thrown instanceof Error);
  return isPlain && 'kind' in thrown && 'message' in thrown;
}
