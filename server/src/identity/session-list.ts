import { Session, type SignInMethod } from '@roster/proto/gen/roster/sessions/v1/session_service';
import type { Connection } from '../database/database.ts';
import { timestampOf } from '../store/user-row.ts';
import { lifetimes } from './lifetimes.ts';

interface SessionRow {
  readonly id: string;
  readonly method: SignInMethod;
  readonly created_at: number;
  readonly authenticated_at: number;
  readonly last_active_at: number;
  readonly expires_at: number;
  readonly device: string;
  readonly address: string;
}

const columns = 's.id, s.method, s.created_at, s.authenticated_at, s.last_active_at, s.expires_at, s.device, s.address';

/** A user's sessions that are good now, the newest first. `currentId` marks the one that asks. */
export async function readSessions(
  connection: Connection,
  userId: string,
  currentId: string | undefined,
): Promise<Session[]> {
  const rows = await connection.query<SessionRow>(
    `select ${columns} from sessions s
     where s.user_id = $1 and s.ended_at is null and s.expires_at > now() and s.last_active_at > now() - $2 * interval '1 ms'
     order by s.created_at desc, s.id desc`,
    [userId, lifetimes.sessionIdleMs],
  );
  return rows.map((row) => sessionFromRow(row, currentId));
}

/** One session, as its own person sees it. */
export async function readOwnSession(connection: Connection, id: string): Promise<Session | undefined> {
  const [row] = await connection.query<SessionRow>(`select ${columns} from sessions s where s.id = $1`, [id]);
  return row && sessionFromRow(row, id);
}

function sessionFromRow(row: SessionRow, currentId: string | undefined): Session {
  return Session.create({
    id: row.id,
    method: row.method,
    createdAt: timestampOf(row.created_at),
    lastActiveAt: timestampOf(row.last_active_at),
    expiresAt: timestampOf(row.expires_at),
    idleExpiresAt: timestampOf(Math.min(row.last_active_at + lifetimes.sessionIdleMs, row.expires_at)),
    freshUntil: timestampOf(row.authenticated_at + lifetimes.freshMs),
    device: row.device,
    address: row.address,
    isCurrent: row.id === currentId,
  });
}
