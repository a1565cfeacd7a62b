import { failedPrecondition, permissionDenied, type RpcError } from '../../rpc/rpc-error.ts';

/** The answer to every secret that is no link's that is good now, whatever is wrong with it. */
export function linkInvalid(): RpcError {
  return permissionDenied('LINK_INVALID', 'This link has been used, has expired, or was replaced by a newer one.');
}

export function adminExists(): RpcError {
  const description = 'Roster is set up already. Sign in, or ask an admin to invite you.';
  return failedPrecondition({ type: 'ADMIN_EXISTS', subject: 'setup', description });
}
