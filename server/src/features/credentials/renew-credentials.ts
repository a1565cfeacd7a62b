import { LinkPurpose } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import type { Connection } from '../../database/database.ts';
import { endLinks, linkInvalid, takeLink } from '../../identity/link-store.ts';
import { setPassword } from '../../identity/password-store.ts';
import { revoke } from '../../identity/revoke.ts';

/**
 * Uses the link of a person: gives them their new password, takes away what they have lost, ends their sessions and their other links. In one transaction with the
 * sign-in that follows. Returns whether passkeys are left, which then are still asked for.
 */
export async function renewCredentials(
  connection: Connection,
  { secret, passwordHash }: { readonly secret: string; readonly passwordHash: string },
): Promise<{ readonly purpose: LinkPurpose; readonly userId: string; readonly hasPasskeys: boolean }> {
  const link = await takeLink(connection, secret);
  if (link?.userId === undefined) throw linkInvalid();
  const { purpose, userId } = link;
  await setPassword(connection, userId, passwordHash);
  if (purpose === LinkPurpose.RECOVERY) {
    await connection.query('delete from passkeys where user_id = $1', [userId]);
    await connection.query('delete from federated_identities where user_id = $1', [userId]);
  }
  await endLinks(connection, userId);
  await revoke(connection, { userId, sparedSessionId: undefined });
  const passkeys = await connection.query('select from passkeys where user_id = $1 limit 1', [userId]);
  return { purpose, userId, hasPasskeys: passkeys.length > 0 };
}
