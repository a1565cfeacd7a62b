import { isAppError } from '../../rpc/is-app-error.ts';

/** Whether a call failed because its link does not work any more: used, replaced or too old, or an admin exists by now. */
export function isDeadLink(thrown: unknown): boolean {
  if (!isAppError(thrown)) return false;
  return (
    (thrown.kind === 'not-permitted' && thrown.reason === 'LINK_INVALID') ||
    (thrown.kind === 'rule' && thrown.reason === 'ADMIN_EXISTS')
  );
}
