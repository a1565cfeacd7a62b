import type { UserRole } from '@roster/proto/gen/userservice/v1/user';
import type { Connection } from '../database/database.ts';
import type { Caller } from '../rpc/context.ts';
import { permissionDenied, unauthenticated } from '../rpc/rpc-error.ts';
import { roleOfSession } from './session-store.ts';
import { roleOfToken } from './token-store.ts';

/**
 * Refuses a caller whose rights are not what they were when the call began: its request may have come long after its headers.
 *
 * Runs in the transaction that writes.
 */
export async function requireUnchangedRights(connection: Connection, caller: Caller): Promise<void> {
  const role = await roleOf(connection, caller);
  if (role === undefined) throw unauthenticated('NOT_SIGNED_IN', 'You are not signed in.');
  if (role !== caller.role) throw permissionDenied('RIGHTS_CHANGED', 'Your role has changed.');
}

async function roleOf(connection: Connection, { sessionId, tokenId }: Caller): Promise<UserRole | undefined> {
  if (sessionId !== undefined) return roleOfSession(connection, sessionId);
  return tokenId === undefined ? undefined : roleOfToken(connection, tokenId);
}
