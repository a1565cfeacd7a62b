import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import type { Connection } from '../../database/database.ts';
import { recordAccess } from '../../identity/access-events.ts';
import { hasAdmin, lockAdmins } from '../../identity/admins.ts';
import { holdRights } from '../../identity/caller-rights.ts';
import { deletePasskey, type StoredPasskey } from '../../identity/passkey-store.ts';
import type { CallContext } from '../../rpc/context.ts';
import { failedPrecondition, notFound } from '../../rpc/rpc-error.ts';

/**
 * Removes a passkey of the person who calls, in the transaction of the call. FAILED_PRECONDITION where they could not sign in afterwards: LAST_ADMIN if nobody else is
 * an admin, else LAST_CREDENTIAL.
 */
export async function removePasskey(
  connection: Connection,
  context: CallContext,
  passkey: Pick<StoredPasskey, 'id' | 'userId'>,
): Promise<void> {
  const { userId } = passkey;
  // One after the other: two at once would each see the other's passkey remain.
  await holdRights(connection, context.caller);
  await lockAdmins(connection);
  if (!(await deletePasskey(connection, passkey))) throw notFound('passkey', 'id');
  const [left] = await connection.query<{ any: boolean; role: UserRole }>(
    'select can_sign_in(id) as any, role from users where id = $1',
    [userId],
  );
  if (!left?.any) {
    const isLastAdmin = left?.role === UserRole.ADMIN && !(await hasAdmin(connection, userId));
    throw isLastAdmin ? lastAdmin() : lastCredential();
  }
  const { caller: actor, address, requestId } = context;
  await recordAccess(connection, { kind: 'PASSKEY_REMOVED', actor, address, userId, requestId });
}

function lastCredential() {
  const description = 'You could not sign in without this passkey. Set a password or add another passkey first.';
  return failedPrecondition({ type: 'LAST_CREDENTIAL', subject: 'passkeys', description });
}

function lastAdmin() {
  const description = 'You are the only admin, and could not sign in without this passkey.';
  return failedPrecondition({ type: 'LAST_ADMIN', subject: 'passkeys', description });
}
