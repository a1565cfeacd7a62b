import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { AppError } from '../../../rpc/app-error.ts';

/** Takes the user out of an answer; an answer without one breaks the contract. */
export function userOf(answer: { readonly user?: User }): User {
  if (answer.user) return answer.user;
  const error: AppError = { kind: 'fault', message: 'The server answered without a user.' };
  throw error;
}
