import { UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import type { Connection } from '../database/database.ts';

/**
 * An admin who can sign in is enabled, and has something to sign in with: a password, a passkey, or an account at the provider that is set up. A record that merely has
 * the role is none.
 */
const isEnabledAdmin = `u.role = ${UserRole.ADMIN} and u.state = ${UserState.ACTIVE} and u.deleted_at is null`;

/**
 * Keeps every other transaction that asks the same from going on until this one ends. Take it before counting the admins that are left, and after locking the user
 * who is about to change.
 */
export async function lockAdmins(connection: Connection): Promise<void> {
  await connection.query('select from admin_guard for update');
}

/** Whether an admin can sign in, beside the one that is left out. */
export async function hasAdmin(connection: Connection, besides?: string): Promise<boolean> {
  const [row] = await connection.query<{ any: boolean }>(
    // From those who can sign in: of a million records, many may have the role. Anybody may ask for this.
    `select exists (
       select from (
         select user_id from passwords union all select user_id from passkeys
         union all select user_id from federated_identities where is_set_up(provider)
       ) c join users u on u.id = c.user_id where ${isEnabledAdmin} and u.id is distinct from $1::uuid
     ) as any`,
    [besides ?? null],
  );
  return row?.any ?? false;
}

/** Whether this very user is one. */
export async function canSignInAsAdmin(connection: Connection, id: string): Promise<boolean> {
  const rows = await connection.query(
    `select from users u where u.id = $1 and ${isEnabledAdmin} and can_sign_in(u.id)`,
    [id],
  );
  return rows.length > 0;
}
