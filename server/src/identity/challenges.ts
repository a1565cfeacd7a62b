import { randomUUID } from 'node:crypto';
import type { Connection } from '../database/database.ts';
import { lifetimes } from './lifetimes.ts';

/** What a challenge is for; one for something else is as good as none. */
export type ChallengeKind = 'passkey-sign-in' | 'passkey-registration' | 'oidc';

/** What a browser must answer in time, once. */
export interface Challenge {
  /** The only person who can answer it; undefined where that shows with the answer. */
  readonly userId: string | undefined;
  readonly data: Readonly<Record<string, string>>;
}

const lifetimeMs: Readonly<Record<ChallengeKind, number>> = {
  'passkey-sign-in': lifetimes.challengeMs,
  'passkey-registration': lifetimes.challengeMs,
  oidc: lifetimes.oidcMs,
};

/** Keeps a challenge and returns its id: random, and in itself no right to anything. `data` may hold no secret. */
export async function keepChallenge(
  connection: Connection,
  kind: ChallengeKind,
  { userId, data, browserHash }: Challenge & { readonly browserHash?: Buffer },
): Promise<string> {
  const id = randomUUID();
  await connection.query(
    `insert into challenges (id, kind, browser_hash, user_id, data, expires_at)
     values ($1, $2, $3, $4, $5, now() + $6 * interval '1 ms')`,
    [id, kind, browserHash ?? null, userId ?? null, JSON.stringify(data), lifetimeMs[kind]],
  );
  return id;
}

/**
 * Uses a challenge up: of any number of answers at one time exactly one gets it. Undefined for one that was used, has expired, is for something else, is bound to
 * another browser, or never was.
 *
 * Runs outside the transaction of what follows, so that a wrong answer uses it up too.
 */
export async function takeChallenge(
  connection: Connection,
  kind: ChallengeKind,
  id: string,
  browserHash?: Buffer,
): Promise<Challenge | undefined> {
  if (!isChallengeId(id)) return undefined;
  const [row] = await connection.query<{ user_id: string | null; data: Record<string, string>; live: boolean }>(
    `delete from challenges where id = $1 and kind = $2 and browser_hash is not distinct from $3
     returning user_id, data, expires_at > now() as live`,
    [id, kind, browserHash ?? null],
  );
  return row?.live ? { userId: row.user_id ?? undefined, data: row.data } : undefined;
}

/** Forgets the challenges that nobody has answered in time. */
export async function forgetChallenges(connection: Connection): Promise<void> {
  await connection.query('delete from challenges where expires_at < now()');
}

function isChallengeId(id: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
}
