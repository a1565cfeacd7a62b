import { createHash } from 'node:crypto';
import { emailKey } from '@roster/proto/fold';
import type { Connection } from '../database/database.ts';
import { networkOf } from '../rpc/network-of.ts';

/**
 * What wrong guesses are counted by. From some failure on each one doubles the wait for the next, from 1 s to 15 minutes.
 *
 * Guesses at an account are counted apart for each address that its person has signed in from before, and together for all others: so nobody elsewhere can make the
 * person wait. See docs/decisions/0016.
 */
export interface AttemptSubject {
  readonly key: Buffer;
  readonly limits: AttemptLimits;
}

interface AttemptLimits {
  /** So many failures cost no wait. */
  readonly freeFailures: number;
  /** Failures are forgotten so long after the last. */
  readonly keptMs: number;
}

const hourMs = 3_600_000;
/** A network is known for so long after a sign-in; sessions are kept as long. */
const knownMs = 30 * 24 * hourMs;
const ofAccount: AttemptLimits = { freeFailures: 3, keptMs: 24 * hourMs };
/** Many people may share a network. */
const ofNetwork: AttemptLimits = { freeFailures: 15, keptMs: hourMs };
/** Whom a guess at a password is counted by. `userId`: whose account it is; undefined where there is none. */
export async function subjectsOfSignIn(
  connection: Connection,
  guess: { readonly email: string; readonly userId: string | undefined; readonly address: string },
): Promise<readonly AttemptSubject[]> {
  const network = networkOf(guess.address);
  if (await isKnownNetwork(connection, guess.userId, network)) {
    return [subject('account-from', ofAccount, emailKey(guess.email), network)];
  }
  return [subject('account', ofAccount, emailKey(guess.email)), subject('network', ofNetwork, network)];
}

/** Whom a guess of somebody who is signed in is counted by: nobody else can make them wait. */
export function subjectsOfConfirmation(sessionId: string): readonly AttemptSubject[] {
  return [subject('session', ofAccount, sessionId)];
}

/** Whom it is counted by that somebody asks for a mail. */
export function subjectsOfMail(email: string, address: string): readonly AttemptSubject[] {
  return [subject('mail', ofAccount, emailKey(email)), subject('mails-from', ofNetwork, networkOf(address))];
}

/** All that the guesses at an account can have been counted by from an address. */
export function subjectsOfAccount(email: string, address: string): readonly AttemptSubject[] {
  return [
    subject('account', ofAccount, emailKey(email)),
    subject('account-from', ofAccount, emailKey(email), networkOf(address)),
  ];
}

/** Whether the person has signed in or used a session there lately. */
async function isKnownNetwork(connection: Connection, userId: string | undefined, network: string): Promise<boolean> {
  const rows = await connection.query<{ address: string }>(
    `select address from sessions where user_id = $1::uuid
     union select address from access_events where user_id = $1::uuid and kind = 'SIGNED_IN' and at > now() - $2 * interval '1 ms'`,
    [userId ?? null, knownMs],
  );
  return network !== '' && rows.some(({ address }) => networkOf(address) === network);
}

function subject(kind: string, limits: AttemptLimits, ...parts: readonly string[]): AttemptSubject {
  const key = createHash('sha256')
    .update(JSON.stringify([kind, ...parts]))
    .digest();
  return { key, limits };
}
