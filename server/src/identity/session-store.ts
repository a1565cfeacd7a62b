import type { UserRole } from '@roster/proto/gen/userservice/v1/user';
import type { Connection } from '../database/database.ts';
import { prepared } from '../database/prepared.ts';
import { lifetimes } from './lifetimes.ts';
import { hashSecret, newSecret } from './secrets.ts';

/** A session that is good now, with its person. */
export interface LiveSession {
  readonly id: string;
  readonly userId: string;
  readonly userName: string;
  readonly role: UserRole;
  /** Its person has proved lately who they are. */
  readonly isFresh: boolean;
  readonly expiresAt: Date;
  /** Its last activity was written down long enough ago to be written down again. */
  readonly isActivityDue: boolean;
}

/** What ends a session but its owner: the person may not sign in any more, its time is over, nobody did anything. */
const isLive = `s.ended_at is null and s.expires_at > now() and s.last_active_at > now() - $2 * interval '1 ms'
  and u.state = 1 and u.deleted_at is null`;

const findSessionSql = prepared(
  `select s.id, s.user_id, u.name, u.role, s.expires_at, s.authenticated_at > now() - $3 * interval '1 ms' as fresh,
     s.last_active_at < now() - $4 * interval '1 ms' as activity_due
   from sessions s join users u on u.id = s.user_id where s.secret_hash = $1 and ${isLive}`,
);

export async function findSession(connection: Connection, secret: string): Promise<LiveSession | undefined> {
  const [row] = await connection.query<{
    id: string;
    user_id: string;
    name: string;
    role: UserRole;
    fresh: boolean;
    expires_at: number;
    activity_due: boolean;
  }>(findSessionSql, [hashSecret(secret), lifetimes.sessionIdleMs, lifetimes.freshMs, lifetimes.activityMs]);
  return (
    row && {
      id: row.id,
      userId: row.user_id,
      userName: row.name,
      role: row.role,
      isFresh: row.fresh,
      expiresAt: new Date(row.expires_at),
      isActivityDue: row.activity_due,
    }
  );
}

/** Those of some sessions that are still good. */
export async function findLiveSessions(connection: Connection, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await connection.query<{ id: string }>(
    `select s.id from sessions s join users u on u.id = s.user_id where s.id = any($1::uuid[]) and ${isLive}`,
    [ids, lifetimes.sessionIdleMs],
  );
  return new Set(rows.map(({ id }) => id));
}

const roleOfSessionSql = prepared(
  `select u.role from sessions s join users u on u.id = s.user_id where s.id = $1 and ${isLive}`,
);

/** What the person of a session may do now; undefined where the session is over. */
export async function roleOfSession(connection: Connection, id: string): Promise<UserRole | undefined> {
  const [row] = await connection.query<{ role: UserRole }>(roleOfSessionSql, [id, lifetimes.sessionIdleMs]);
  return row?.role;
}

export async function noteActivity(connection: Connection, id: string, address: string): Promise<void> {
  await connection.query('update sessions set last_active_at = now(), address = $2 where id = $1', [id, address]);
}

/** Begins a session of a user, and returns its secret. */
export async function startSession(
  connection: Connection,
  session: {
    readonly id: string;
    readonly userId: string;
    /** A roster.sessions.v1.SignInMethod. */
    readonly method: number;
    readonly device: string;
    readonly address: string;
  },
): Promise<string> {
  const secret = newSecret();
  await connection.query(
    `insert into sessions (id, secret_hash, user_id, method, created_at, authenticated_at, last_active_at, expires_at, device, address)
     values ($1, $2, $3, $4, now(), now(), now(), now() + $5 * interval '1 ms', $6, $7)`,
    [
      session.id,
      hashSecret(secret),
      session.userId,
      session.method,
      lifetimes.sessionMs,
      session.device,
      session.address,
    ],
  );
  return secret;
}

/** Gives a session a new secret and notes that its person has just proved who they are. Returns the secret; the one before it is worthless. */
export async function renewSession(connection: Connection, id: string): Promise<string> {
  const secret = newSecret();
  await connection.query(
    'update sessions set secret_hash = $2, authenticated_at = now(), last_active_at = now() where id = $1 and ended_at is null',
    [id, hashSecret(secret)],
  );
  return secret;
}
