import type { Connection } from '../database/database.ts';

/** What a revocation ends. */
export type Revoked =
  | { readonly sessionId: string }
  /** A token, those that it has made, those that they have made, and so on. */
  | { readonly tokenId: string }
  /** All tokens of a user. */
  | { readonly ownerId: string }
  /** All sessions of a user, but for one; their tokens stay. */
  | { readonly userId: string; readonly sparedSessionId: string | undefined };

/**
 * Ends sessions or tokens, in the order of the feed: no stream of theirs gets what comes behind. Returns how many were ended.
 *
 * Runs in the transaction of what causes it. Tell the sequencer after the commit.
 */
export async function revoke(connection: Connection, revoked: Revoked): Promise<number> {
  if ('tokenId' in revoked) return tellOfTokens(connection, await endFamily(connection, revoked.tokenId));
  if ('ownerId' in revoked) return tellOfTokens(connection, await endTokens(connection, 'owner_id', [revoked.ownerId]));
  const ended = await endSessions(connection, revoked);
  if (ended > 0) await tellOfSessions(connection, revoked);
  return ended;
}

type RevokedSessions = Exclude<Revoked, { readonly tokenId: string } | { readonly ownerId: string }>;

async function endSessions(connection: Connection, revoked: RevokedSessions): Promise<number> {
  const [column, value] = 'sessionId' in revoked ? ['id', revoked.sessionId] : ['user_id', revoked.userId];
  const spared = 'userId' in revoked ? (revoked.sparedSessionId ?? null) : null;
  const rows = await connection.query(
    `update sessions set ended_at = now() where ${column} = $1 and ended_at is null and id is distinct from $2::uuid returning 1`,
    [value, spared],
  );
  return rows.length;
}

async function tellOfSessions(connection: Connection, revoked: RevokedSessions): Promise<void> {
  const row = { userId: null, sessionId: null, sparedSessionId: null, ...revoked };
  await connection.query(
    `with drawn as (
       insert into revocations (revision, user_id, session_id, spared_session_id, at)
       values (nextval('revision'), $1, $2, $3, now()) returning revision
     )
     insert into outbox select revision from drawn`,
    [row.userId, row.sessionId, row.sparedSessionId ?? null],
  );
}

/**
 * One generation after the other: a token that is just making another holds its row (`holdRights`), so that once it is ended all that it ever made can be seen, by
 * the next statement.
 */
async function endFamily(connection: Connection, id: string): Promise<readonly string[]> {
  const ended: string[] = [];
  let generation = await endTokens(connection, 'id', [id]);
  while (generation.length > 0) {
    ended.push(...generation);
    generation = await endTokens(connection, 'parent_id', generation);
  }
  return ended;
}

async function endTokens(
  connection: Connection,
  column: 'id' | 'parent_id' | 'owner_id',
  values: readonly string[],
): Promise<readonly string[]> {
  const type = column === 'owner_id' ? 'uuid' : 'text';
  const rows = await connection.query<{ id: string }>(
    `update api_tokens set revoked_at = now() where ${column} = any($1::${type}[]) and revoked_at is null returning id`,
    [values],
  );
  return rows.map(({ id }) => id);
}

async function tellOfTokens(connection: Connection, ids: readonly string[]): Promise<number> {
  await connection.query(
    `with drawn as (
       insert into revocations (revision, token_id, at)
       select nextval('revision'), id, now() from unnest($1::text[]) as t(id) returning revision
     )
     insert into outbox select revision from drawn`,
    [ids],
  );
  return ids.length;
}
