import { parseArgs } from 'node:util';
import { emailKey } from '@roster/proto/fold';
import { LinkPurpose } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import type { Connection, Database } from '../database/database.ts';
import { recordAccess } from '../identity/access-events.ts';
import { hasAdmin, lockAdmins } from '../identity/admins.ts';
import { createLink, hostMaker, linkPath } from '../identity/link-store.ts';
import { hostActor } from './host-actor.ts';

/**
 * `roster admin recover [--email …]`: a new one-time link. Without an admin who can sign in it makes the first; with one it needs the email of an enabled admin, and
 * lets that person set a new password. Returns the link's path.
 */
export async function recoverAdmin(database: Database, args: readonly string[]): Promise<string> {
  const { values } = parseArgs({ args: [...args], options: { email: { type: 'string' } } });
  return database.transaction(undefined, async (connection) => {
    await lockAdmins(connection);
    if (values.email !== undefined) return recoveryOf(connection, values.email);
    if (!(await hasAdmin(connection))) return setup(connection);
    throw new Error('An admin can sign in. Name the one who cannot: --email ada@example.org');
  });
}

/** `setup link [--url …]`: says where to make the first admin, while there is none; undefined once there is. */
export async function setupLink(database: Database, args: readonly string[]): Promise<string | undefined> {
  const { values } = parseArgs({ args: [...args], options: { url: { type: 'string', default: '' } } });
  const path = await database.transaction(undefined, async (connection) => {
    await lockAdmins(connection);
    return (await hasAdmin(connection)) ? undefined : setup(connection);
  });
  return path && `Nobody can sign in yet. Make the first admin, once, within a day: ${values.url}${path}`;
}

async function setup(connection: Connection): Promise<string> {
  return make(connection, LinkPurpose.SETUP, undefined);
}

async function recoveryOf(connection: Connection, email: string): Promise<string> {
  const [user] = await connection.query<{ id: string; role: UserRole; state: UserState }>(
    'select id, role, state from users where email_unique = $1 and deleted_at is null',
    [emailKey(email)],
  );
  if (!user) throw new Error(`Nobody has the email ${email}.`);
  if (user.role !== UserRole.ADMIN || user.state !== UserState.ACTIVE) throw new Error(`${email} is no enabled admin.`);
  return make(connection, LinkPurpose.RECOVERY, user.id);
}

async function make(connection: Connection, purpose: LinkPurpose, userId: string | undefined): Promise<string> {
  const { secret } = await createLink(connection, { purpose, userId, maker: hostMaker });
  await recordAccess(connection, {
    kind: 'LINK_CREATED',
    actor: hostActor,
    address: '',
    ...(userId !== undefined && { userId }),
    detail: LinkPurpose[purpose].toLowerCase(),
    requestId: '',
  });
  return linkPath(purpose, secret);
}
