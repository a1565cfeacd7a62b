import { LinkPurpose } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import type { Connection } from '../../database/database.ts';
import { recordAccess } from '../../identity/access-events.ts';
import { linkIdentity } from '../../identity/federated-identities.ts';
import { endLinks, findLink, type LiveLink, linkInvalid, takeFoundLink } from '../../identity/link-store.ts';
import type { OidcIdentity } from '../../identity/oidc-provider.ts';
import { revoke } from '../../identity/revoke.ts';
import { takeCredentials } from '../../identity/take-credentials.ts';
import type { CallContext } from '../../rpc/context.ts';
import { failedPrecondition, type RpcError } from '../../rpc/rpc-error.ts';

/** A link that a person can accept by signing in elsewhere. */
interface OidcLink extends LiveLink {
  readonly userId: string;
}

/** Finds the link that a sign-in is to accept. PERMISSION_DENIED, LINK_INVALID, for any but an invitation or a recovery that is good now. */
export async function findOidcLink(connection: Connection, secret: string): Promise<OidcLink> {
  return accepted(await findLink(connection, secret));
}

/**
 * Uses the link: its person signs in by this identity from now on. A recovery takes away what they have signed in with so far, and their tokens. Their sessions and other links end.
 *
 * Runs in one transaction with the sign-in that follows, so that a link that signs nobody in stays good. Returns the person.
 */
export async function acceptLinkByOidc(
  connection: Connection,
  { address, requestId }: CallContext,
  found: Pick<LiveLink, 'id'>,
  identity: OidcIdentity,
): Promise<string> {
  const { purpose, userId } = accepted(await takeFoundLink(connection, found));
  const [row] = await connection.query<{ name: string }>('select name from users where id = $1', [userId]);
  const actor = { id: userId, name: row?.name ?? '', sessionId: undefined, tokenId: undefined };
  const person = { actor, address, userId, requestId };
  await recordAccess(connection, { ...person, kind: 'LINK_ACCEPTED', detail: LinkPurpose[purpose].toLowerCase() });
  if (purpose === LinkPurpose.RECOVERY) await takeCredentials(connection, person);
  if (!(await linkIdentity(connection, userId, identity))) throw identityTaken();
  await recordAccess(connection, { ...person, kind: 'OIDC_LINKED' });
  await endLinks(connection, userId);
  await revoke(connection, { userId, sparedSessionId: undefined });
  return userId;
}

function accepted(link: LiveLink | undefined): OidcLink {
  const isFit = link?.purpose === LinkPurpose.INVITATION || link?.purpose === LinkPurpose.RECOVERY;
  if (!isFit || link.userId === undefined) throw linkInvalid();
  return { ...link, userId: link.userId };
}

function identityTaken(): RpcError {
  const description = 'This account already signs in somebody else here. Sign in at the provider with another one.';
  return failedPrecondition({ type: 'IDENTITY_TAKEN', subject: 'oidc', description });
}
