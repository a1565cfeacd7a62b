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

/**
 * The same, and keeps the rights as they are until the transaction ends, for what outlives them: credentials and tokens. Whoever ends them at this moment comes before,
 * and is seen, or waits. Calls of one person go one after the other.
 */
export async function holdRights(connection: Connection, caller: Caller): Promise<void> {
  const { userId, sessionId, tokenId } = caller;
  // The person first, as whatever ends their rights does.
  await connection.query('select from users where id = $1 for no key update', [userId ?? null]);
  await connection.query('select from sessions where id = $1 for share', [sessionId ?? null]);
  await connection.query('select from api_tokens where id = $1 for share', [tokenId ?? null]);
  await requireUnchangedRights(connection, caller);
}

async function roleOf(connection: Connection, { sessionId, tokenId }: Caller): Promise<UserRole | undefined> {
  if (sessionId !== undefined) return roleOfSession(connection, sessionId);
  return tokenId === undefined ? undefined : roleOfToken(connection, tokenId);
}
