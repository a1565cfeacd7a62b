import {
  type AcceptLinkRequest,
  AcceptLinkResponse,
  OpenLinkResponse,
} from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { SignInMethod } from '@roster/proto/gen/roster/sessions/v1/session_service';
import type { Connection } from '../../database/database.ts';
import { hasAdmin } from '../../identity/admins.ts';
import { findLink, type LiveLink, linkInvalid } from '../../identity/link-store.ts';
import { type Account, readAccount } from '../../identity/password-store.ts';
import { signIn } from '../../identity/sign-in.ts';
import type { CallContext } from '../../rpc/context.ts';
import { invalidArgument } from '../../rpc/rpc-error.ts';
import { timestampOf } from '../../store/user-row.ts';
import type { CredentialHandlers } from './credential-handlers.ts';
import type { CredentialsParts } from './credentials-parts.ts';
import { adminExists } from './link-errors.ts';
import { renewCredentials } from './renew-credentials.ts';
import { insertFirstAdmin, prepareFirstAdmin } from './set-up.ts';

/** What whoever has a link may do with it. */
export function acceptLink(parts: CredentialsParts): CredentialHandlers<'openLink' | 'acceptLink'> {
  const { database } = parts;
  return {
    async openLink({ secret }, context) {
      const { link, account } = await database.run(context.signal, (connection) => readLink(connection, secret));
      return OpenLinkResponse.create({
        purpose: link.purpose,
        name: account?.name ?? '',
        email: account?.email ?? '',
        expiresAt: timestampOf(link.expiresAt.getTime()),
      });
    },
    async acceptLink(request, context) {
      const use = await prepare(parts, request, context);
      const passwordHash = await parts.passwords.hash(request.password, context.signal);
      const signedIn = await database.transaction(context.signal, async (connection) => {
        const { userId, isProofEnough } = await use(connection, passwordHash);
        return isProofEnough ? signIn(parts, connection, context, { userId, method: SignInMethod.LINK }) : undefined;
      });
      parts.onCommitted();
      if (!signedIn) return AcceptLinkResponse.create();
      context.setHeader('set-cookie', parts.cookie.set(signedIn.secret));
      return AcceptLinkResponse.create({ session: signedIn.session });
    },
  };
}

/** Uses a link, in the transaction in which its person signs in. */
type UseLink = (
  connection: Connection,
  passwordHash: string,
) => Promise<{ readonly userId: string; readonly isProofEnough: boolean }>;

/** Checks what can be checked before a password is hashed: whoever has no link costs nothing. */
async function prepare(parts: CredentialsParts, request: AcceptLinkRequest, context: CallContext): Promise<UseLink> {
  const { secret, password } = request;
  const { account } = await parts.database.run(context.signal, (connection) => readLink(connection, secret));
  if (!account) {
    const admin = prepareFirstAdmin(parts, request);
    return (connection, passwordHash) => insertFirstAdmin(parts, connection, context, { secret, admin, passwordHash });
  }
  const violations = parts.passwords.validate(password, account);
  if (violations.length > 0) throw invalidArgument(violations);
  return async (connection, passwordHash) => {
    const renewal = { secret, passwordHash, name: account.name };
    const { userId, hasPasskeys } = await renewCredentials(connection, context, renewal);
    // Whoever reads somebody's mail has not got their passkey. They sign in with both.
    return { userId, isProofEnough: !hasPasskeys };
  };
}

/** Reads a link that is good now, with its person; there is none for a set-up. */
async function readLink(
  connection: Connection,
  secret: string,
): Promise<{ readonly link: LiveLink; readonly account: Account | undefined }> {
  const link = await findLink(connection, secret);
  if (!link) throw linkInvalid();
  if (link.userId === undefined) {
    if (await hasAdmin(connection)) throw adminExists();
    return { link, account: undefined };
  }
  const account = await readAccount(connection, link.userId);
  if (!account) throw linkInvalid();
  return { link, account };
}
