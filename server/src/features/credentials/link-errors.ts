import { failedPrecondition, type RpcError } from '../../rpc/rpc-error.ts';

export function adminExists(): RpcError {
  const description = 'Roster is set up already. Sign in, or ask an admin to invite you.';
  return failedPrecondition({ type: 'ADMIN_EXISTS', subject: 'setup', description });
}
