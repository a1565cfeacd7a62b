import { createHmac } from 'node:crypto';
import {
  type CreateLinkRequest,
  CreateLinkResponse,
  LinkPurpose,
} from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { UserState } from '@roster/proto/gen/userservice/v1/user';
import type { Connection } from '../../database/database.ts';
import { recordAccess } from '../../identity/access-events.ts';
import { requireUnchangedRights } from '../../identity/caller-rights.ts';
import { createLink, findMadeLink, linkPath, type MadeLink } from '../../identity/link-store.ts';
import { newSecret } from '../../identity/secrets.ts';
import type { CallContext } from '../../rpc/context.ts';
import { failedPrecondition, invalidArgument, notFound, permissionDenied } from '../../rpc/rpc-error.ts';
import { requireRight } from '../../rules/authorize-change.ts';
import { readOptionalUuid, readUserId } from '../../store/ids.ts';
import { timestampOf } from '../../store/user-row.ts';
import { type LockedUser, lockUser } from '../../store/user-store.ts';
import type { CredentialHandlers } from './credential-handlers.ts';
import type { CredentialsParts } from './credentials-parts.ts';

/** Makes links that let somebody sign in for the first time, or again. The latter takes an account over, so no program makes it: a leaked token must not be worth all accounts. */
export function createLinkFor(parts: CredentialsParts): CredentialHandlers<'createLink'> {
  return {
    async createLink(request, context) {
      const userId = readUserId(request.userId, 'user_id');
      const secret = secretOf(parts, request, context);
      const { user, link } = await parts.database.transaction(context.signal, async (connection) => {
        const { user } = await lockTarget(connection, context, userId);
        const link = await makeOnce(connection, context, { userId, secret });
        return { user, link };
      });
      const { purpose, expiresAt } = link;
      const path = linkPath(purpose, secret);
      const mailedTo = await parts.mailer
        ?.sendLink({ to: user.email, name: user.name, purpose, path, expiresAt })
        .then(() => user.email, parts.onError);
      return CreateLinkResponse.create({
        purpose,
        path,
        expiresAt: timestampOf(expiresAt.getTime()),
        mailedTo: mailedTo ?? '',
      });
    },
  };
}

/**
 * The secret of the link that a call makes. No answer that holds one is kept; so a repeated call makes its secret again, out of its request id, which is the client's
 * own and kept nowhere.
 */
function secretOf({ linkKey }: CredentialsParts, request: CreateLinkRequest, { caller }: CallContext): string {
  const requestId = readOptionalUuid(request.requestId, 'request_id');
  if (requestId === undefined) return newSecret();
  return createHmac('sha256', linkKey).update(`link\0${caller.id}\0${requestId}`).digest('base64url');
}

/** Reads the person and keeps them as they are; refuses whom the caller may not let in. */
async function lockTarget(connection: Connection, { caller }: CallContext, userId: string): Promise<LockedUser> {
  const locked = await lockUser(connection, userId);
  if (!locked || locked.user.deletedAt) throw notFound('user', 'user_id');
  const { user } = locked;
  requireRight(caller, { before: user, after: user, fields: [] }, '');
  await requireUnchangedRights(connection, caller);
  if (user.state !== UserState.ACTIVE) {
    const description = 'This person is suspended. Make them active first.';
    throw failedPrecondition({ type: 'USER_NOT_ACTIVE', subject: userId, description });
  }
  return locked;
}

async function makeOnce(
  connection: Connection,
  { caller, address, requestId }: CallContext,
  { userId, secret }: { readonly userId: string; readonly secret: string },
): Promise<MadeLink> {
  const made = await findMadeLink(connection, secret);
  if (made) {
    if (made.userId === userId) return made;
    const description = 'This request id was used for another request. Use a new one.';
    throw invalidArgument([{ field: 'request_id', description, reason: 'REQUEST_ID_REUSED' }]);
  }
  const [row] = await connection.query<{ can: boolean }>('select can_sign_in($1) as can', [userId]);
  const purpose = row?.can ? LinkPurpose.RECOVERY : LinkPurpose.INVITATION;
  if (purpose === LinkPurpose.RECOVERY && caller.sessionId === undefined) throw recoveryNeedsPerson();
  const { expiresAt } = await createLink(connection, { purpose, userId, maker: caller, secret });
  const detail = LinkPurpose[purpose].toLowerCase();
  await recordAccess(connection, { kind: 'LINK_CREATED', actor: caller, address, userId, detail, requestId });
  return { userId, purpose, expiresAt };
}

function recoveryNeedsPerson() {
  const description =
    'This person can sign in already. A link to get in again takes away what they sign in with, so only a person makes it, in the console.';
  return permissionDenied('RECOVERY_NEEDS_PERSON', description);
}
