import type { Connection } from '../database/database.ts';

/** What a revocation ends; all that are set must fit. */
export type Revoked =
  | { readonly sessionId: string }
  | { readonly tokenId: string }
  /** All sessions of a user, but for one; their tokens stay. */
  | { readonly userId: string; readonly sparedSessionId: string | undefined };

/**
 * Ends sessions or a token, in the order of the feed: no stream of theirs gets what comes behind. Returns how many were ended.
 *
 * Runs in the transaction of what causes it. Tell the sequencer after the commit.
 */
export async function revoke(connection: Connection, revoked: Revoked): Promise<number> {
  const ended = await end(connection, revoked);
  if (ended === 0) return 0;
  const row = { userId: null, sessionId: null, tokenId: null, sparedSessionId: null, ...revoked };
  await connection.query(
    `with drawn as (
       insert into revocations (revision, user_id, session_id, token_id, spared_session_id, at)
       values (nextval('revision'), $1, $2, $3, $4, now()) returning revision
     )
     insert into outbox select revision from drawn`,
    [row.userId, row.sessionId, row.tokenId, row.sparedSessionId ?? null],
  );
  return ended;
}

async function end(connection: Connection, revoked: Revoked): Promise<number> {
  if ('tokenId' in revoked) {
    const rows = await connection.query(
      'update api_tokens set revoked_at = now() where id = $1 and revoked_at is null returning 1',
      [revoked.tokenId],
    );
    return rows.length;
  }
  const [column, value] = 'sessionId' in revoked ? ['id', revoked.sessionId] : ['user_id', revoked.userId];
  const spared = 'userId' in revoked ? (revoked.sparedSessionId ?? null) : null;
  const rows = await connection.query(
    `update sessions set ended_at = now() where ${column} = $1 and ended_at is null and id is distinct from $2::uuid returning 1`,
    [value, spared],
  );
  return rows.length;
}
