import type { Connection } from '../database/database.ts';
import { type AccessEvent, recordAccess } from './access-events.ts';
import { revoke } from './revoke.ts';

/**
 * Takes away all that a person has signed in with so far, and the tokens of their programs: of an account that was lost nobody knows who has made them. Their sessions
 * are the caller's affair.
 */
export async function takeCredentials(
  connection: Connection,
  person: Pick<AccessEvent, 'actor' | 'address' | 'requestId'> & { readonly userId: string },
): Promise<void> {
  const { userId } = person;
  for (const table of ['passwords', 'passkeys', 'federated_identities']) {
    await connection.query(`delete from ${table} where user_id = $1`, [userId]);
  }
  const count = await revoke(connection, { ownerId: userId });
  if (count === 0) return;
  const detail = count === 1 ? 'the only one, by a recovery' : `all ${count}, by a recovery`;
  await recordAccess(connection, { ...person, kind: 'TOKEN_REVOKED', detail });
}
