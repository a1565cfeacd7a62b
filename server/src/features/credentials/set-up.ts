import type { AcceptLinkRequest } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { type User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import type { Connection } from '../../database/database.ts';
import { recordAccess } from '../../identity/access-events.ts';
import { hasAdmin, lockAdmins } from '../../identity/admins.ts';
import { linkInvalid, takeLink } from '../../identity/link-store.ts';
import { setPassword } from '../../identity/password-store.ts';
import type { CallContext, Caller } from '../../rpc/context.ts';
import { invalidArgument } from '../../rpc/rpc-error.ts';
import { insertUser, newUser } from '../../store/new-user.ts';
import { tidyFields, validateUser } from '../../store/validate-user.ts';
import type { CredentialsParts } from './credentials-parts.ts';
import { adminExists } from './link-errors.ts';

/** Makes the first admin out of what they say of themselves; INVALID_ARGUMENT with every field at fault, the password among them. */
export function prepareFirstAdmin(
  { passwords, newId, clock }: CredentialsParts,
  { name, email, password }: AcceptLinkRequest,
): User {
  const fields = { name, email, role: UserRole.ADMIN, state: UserState.ACTIVE, tags: [], metadata: {} };
  const tidy = tidyFields(fields);
  const violations = [...validateUser(tidy), ...passwords.validate(password, tidy)];
  if (violations.length > 0) throw invalidArgument(violations);
  return newUser(fields, newId(), clock());
}

/** Inserts the first admin, as any user with their history, and gives them their password. Of any number who come at one time one gets through. */
export async function insertFirstAdmin(
  { clock }: CredentialsParts,
  connection: Connection,
  { address, requestId }: CallContext,
  setUp: { readonly secret: string; readonly admin: User; readonly passwordHash: string },
): Promise<{ readonly userId: string; readonly isProofEnough: true }> {
  const { secret, admin, passwordHash } = setUp;
  await lockAdmins(connection);
  const link = await takeLink(connection, secret);
  if (!link || link.userId !== undefined) throw linkInvalid();
  if (await hasAdmin(connection)) throw adminExists();
  const actor = callerOf(admin);
  await insertUser(connection, admin, { caller: actor, requestId, address, at: clock() });
  await setPassword(connection, admin.id, passwordHash);
  await recordAccess(connection, { kind: 'SETUP_COMPLETED', actor, address, userId: admin.id, requestId });
  return { userId: admin.id, isProofEnough: true };
}

/** The history says of the first admin that they made themselves. */
function callerOf({ id, name, role }: User): Caller {
  return {
    id,
    name,
    role,
    userId: id,
    sessionId: undefined,
    tokenId: undefined,
    scopes: undefined,
    isFresh: true,
    expiresAt: undefined,
  };
}
