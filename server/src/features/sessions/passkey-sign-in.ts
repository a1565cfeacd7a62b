import type { PasskeyChallenge } from '@roster/proto/gen/roster/sessions/v1/session_service';
import type { Connection } from '../../database/database.ts';
import type { CallContext } from '../../rpc/context.ts';
import { failedPrecondition } from '../../rpc/rpc-error.ts';
import type { SessionHandlers } from './session-handlers.ts';
import type { SessionsParts } from './sessions-parts.ts';

/** Sign-in with a passkey. */
export function passkeySignIn(_parts: SessionsParts): SessionHandlers<'beginPasskeySignIn' | 'finishPasskeySignIn'> {
  return {
    beginPasskeySignIn: () => Promise.reject(notReady()),
    finishPasskeySignIn: () => Promise.reject(notReady()),
  };
}

/**
 * Asks a person who has given the right password for a passkey; undefined where they have none. Runs in the transaction of the call.
 */
export async function beginSecondFactor(
  _parts: SessionsParts,
  connection: Connection,
  _context: CallContext,
  userId: string,
): Promise<PasskeyChallenge | undefined> {
  const passkeys = await connection.query('select from passkeys where user_id = $1 limit 1', [userId]);
  if (passkeys.length > 0) throw notReady();
  return undefined;
}

function notReady() {
  const description = 'Passkeys cannot be used here yet.';
  return failedPrecondition({ type: 'PASSKEYS_NOT_READY', subject: 'passkeys', description });
}
