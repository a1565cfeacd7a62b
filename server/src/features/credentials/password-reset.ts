import { emailKey } from '@roster/proto/fold';
import { LinkPurpose } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { type User, UserState } from '@roster/proto/gen/userservice/v1/user';
import { recordAccess } from '../../identity/access-events.ts';
import { subjectsOfMail } from '../../identity/attempt-subjects.ts';
import { beginAttempt } from '../../identity/attempts.ts';
import { createLink, linkPath } from '../../identity/link-store.ts';
import { findAccount } from '../../identity/password-store.ts';
import type { LinkMail } from '../../mail/mailer.ts';
import type { CallContext } from '../../rpc/context.ts';
import { failedPrecondition, invalidArgument, type RpcError } from '../../rpc/rpc-error.ts';
import { lockUser } from '../../store/user-store.ts';
import { validateEmail } from '../../store/validate-user.ts';
import type { CredentialHandlers } from './credential-handlers.ts';
import type { CredentialsParts } from './credentials-parts.ts';

/** Mails a link to whoever has lost their password. The answer comes before anybody has looked who that is: neither it nor its time tells. */
export function passwordReset(parts: CredentialsParts): CredentialHandlers<'requestPasswordReset'> {
  return {
    async requestPasswordReset({ email }, context) {
      const { mailer } = parts;
      if (!mailer) throw mailNotConfigured();
      // Looks at the text alone, which says nothing of who is known here.
      const violations = validateEmail('email', email.trim());
      if (violations.length > 0) throw invalidArgument(violations);
      await beginAttempt(parts.database, context.signal, subjectsOfMail(email, context.address));
      parts.background.run(async () => {
        const mail = await makeMail(parts, context, email);
        if (mail) await mailer.sendLink(mail);
      });
      return {};
    },
  };
}

/**
 * Makes the link and its mail: to the address that is stored once the person is locked, whatever was typed, and whatever it was before. Undefined where nobody with
 * this email can sign in.
 */
async function makeMail(
  { database }: CredentialsParts,
  { caller, address, requestId }: CallContext,
  email: string,
): Promise<LinkMail | undefined> {
  return database.transaction(undefined, async (connection) => {
    const account = await findAccount(connection, email);
    const locked = account && (await lockUser(connection, account.userId));
    if (!locked || !mayBeMailed(locked.user, email)) return undefined;
    const { id: userId, name, role } = locked.user;
    const [row] = await connection.query<{ can: boolean }>('select can_sign_in($1) as can', [userId]);
    if (!row?.can) return undefined;
    const purpose = LinkPurpose.PASSWORD_RESET;
    const maker = { role, userId, tokenId: undefined, expiresAt: undefined };
    const { secret, expiresAt } = await createLink(connection, { purpose, userId, maker });
    const detail = LinkPurpose[purpose].toLowerCase();
    await recordAccess(connection, { kind: 'LINK_CREATED', actor: caller, address, userId, detail, requestId });
    return { to: locked.user.email, name, purpose, path: linkPath(purpose, secret), expiresAt };
  });
}

/** Whether somebody is still who was asked for, and may still sign in. */
function mayBeMailed({ email: stored, state, deletedAt }: User, email: string): boolean {
  return state === UserState.ACTIVE && deletedAt === undefined && emailKey(stored) === emailKey(email);
}

function mailNotConfigured(): RpcError {
  const description = 'No mails are sent here. Ask an admin for a link.';
  return failedPrecondition({ type: 'MAIL_NOT_CONFIGURED', subject: 'mail', description });
}
