import { emailKey } from '@roster/proto/fold';
import { type UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import type { Connection } from '../database/database.ts';

/** A person as far as signing in is concerned. */
export interface Account {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: UserRole;
  /** Neither suspended nor deleted. */
  readonly mayEnter: boolean;
  readonly passwordHash: string | undefined;
}

interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: UserRole;
  readonly state: UserState;
  readonly deleted: boolean;
  readonly hash: string | null;
}

const selectAccount = `select u.id, u.name, u.email, u.role, u.state, u.deleted_at is not null as deleted, p.hash
  from users u left join passwords p on p.user_id = u.id`;

/** Finds the account that somebody names by its email, as they have typed it. */
export async function findAccount(connection: Connection, email: string): Promise<Account | undefined> {
  // No email has control characters, and the database refuses some of them.
  if (/\p{Cc}/u.test(email)) return undefined;
  const rows = await connection.query<AccountRow>(
    `${selectAccount} where u.email_unique = $1 and u.deleted_at is null`,
    [emailKey(email)],
  );
  return rows[0] && accountFromRow(rows[0]);
}

export async function readAccount(connection: Connection, userId: string): Promise<Account | undefined> {
  const rows = await connection.query<AccountRow>(`${selectAccount} where u.id = $1`, [userId]);
  return rows[0] && accountFromRow(rows[0]);
}

/**
 * Whether a password that was found right is still the one, and keeps it so until the transaction ends: a password that is changed at the same time ends the session
 * that begins here, or the session does not begin.
 */
export async function holdPassword(connection: Connection, { userId, passwordHash }: Account): Promise<boolean> {
  // In the order in which the links lock.
  await connection.query('select from users where id = $1 for key share', [userId]);
  const rows = await connection.query('select from passwords where user_id = $1 and hash = $2 for share', [
    userId,
    passwordHash ?? null,
  ]);
  return rows.length > 0;
}

/** Gives a person a password. Their sessions are the caller's affair. */
export async function setPassword(connection: Connection, userId: string, hash: string): Promise<void> {
  await connection.query(
    `insert into passwords (user_id, hash, changed_at) values ($1, $2, now())
     on conflict (user_id) do update set hash = excluded.hash, changed_at = excluded.changed_at`,
    [userId, hash],
  );
}

/** Keeps the same password at other costs; nothing where it has been changed since. */
export async function rehashPassword(
  connection: Connection,
  { userId, passwordHash }: Account,
  hash: string,
): Promise<void> {
  await connection.query('update passwords set hash = $3 where user_id = $1 and hash = $2', [
    userId,
    passwordHash ?? null,
    hash,
  ]);
}

function accountFromRow(row: AccountRow): Account {
  return {
    userId: row.id,
    name: row.name,
    email: row.email,
    role: row.role,
    mayEnter: row.state === UserState.ACTIVE && !row.deleted,
    passwordHash: row.hash ?? undefined,
  };
}
