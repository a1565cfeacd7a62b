import { LinkPurpose } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import type { Connection } from '../../database/database.ts';
import { recordAccess } from '../../identity/access-events.ts';
import { endLinks, linkInvalid, takeLink } from '../../identity/link-store.ts';
import { setPassword } from '../../identity/password-store.ts';
import { revoke } from '../../identity/revoke.ts';
import { takeCredentials } from '../../identity/take-credentials.ts';
import type { CallContext } from '../../rpc/context.ts';

/**
 * Uses the link of a person: gives them their new password, takes away what they have lost, ends their sessions and their other links. In one transaction with the
 * sign-in that follows. Returns whether passkeys are left, which then are still asked for.
 */
export async function renewCredentials(
  connection: Connection,
  { address, requestId }: Pick<CallContext, 'address' | 'requestId'>,
  { secret, passwordHash, name }: { readonly secret: string; readonly passwordHash: string; readonly name: string },
): Promise<{ readonly userId: string; readonly hasPasskeys: boolean }> {
  const link = await takeLink(connection, secret);
  if (link?.userId === undefined) throw linkInvalid();
  const { purpose, userId } = link;
  const actor = { id: userId, name, sessionId: undefined, tokenId: undefined };
  const person = { actor, address, userId, requestId };
  await recordAccess(connection, { ...person, kind: 'LINK_ACCEPTED', detail: LinkPurpose[purpose].toLowerCase() });
  if (purpose === LinkPurpose.RECOVERY) await takeCredentials(connection, person);
  await setPassword(connection, userId, passwordHash);
  await endLinks(connection, userId);
  await revoke(connection, { userId, sparedSessionId: undefined });
  const passkeys = await connection.query('select from passkeys where user_id = $1 limit 1', [userId]);
  return { userId, hasPasskeys: passkeys.length > 0 };
}
