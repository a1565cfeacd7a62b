import { UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import type { Connection } from '../database/database.ts';

/** Admins who can sign in: enabled, and with something to sign in with. A record that merely has the role is none. */
const isAdmin = `u.role = ${UserRole.ADMIN} and u.state = ${UserState.ACTIVE} and u.deleted_at is null and can_sign_in(u.id)`;

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
    `select exists (select from users u where ${isAdmin} and u.id is distinct from $1::uuid) as any`,
    [besides ?? null],
  );
  return row?.any ?? false;
}

/** Whether this very user is one. */
export async function canSignInAsAdmin(connection: Connection, id: string): Promise<boolean> {
  const rows = await connection.query(`select from users u where u.id = $1 and ${isAdmin}`, [id]);
  return rows.length > 0;
}
