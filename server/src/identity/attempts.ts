import type { Connection, Database } from '../database/database.ts';
import { type RpcError, resourceExhausted } from '../rpc/rpc-error.ts';
import { type AttemptSubject, subjectsOfAccount } from './attempt-subjects.ts';

/** A guess that is being checked. It counts as a failure until it is told otherwise, so that many at one time are no more guesses than one after the other. */
export interface Attempt {
  readonly subjects: readonly AttemptSubject[];
}

const waitMaxSeconds = 15 * 60;

/**
 * Counts a guess. RESOURCE_EXHAUSTED, TOO_MANY_ATTEMPTS, with the time to wait, where it comes too early; it is then neither counted nor to be checked, right or wrong.
 *
 * Has a transaction of its own, for it must stand whatever comes of the guess.
 */
export async function beginAttempt(
  database: Database,
  signal: AbortSignal,
  subjects: readonly AttemptSubject[],
): Promise<Attempt> {
  await database.transaction(signal, async (connection) => {
    await connection.query(
      `delete from failed_attempts f using unnest($1::bytea[], $2::int[]) as s(key, kept_ms)
       where f.subject = s.key and f.at < clock_timestamp() - s.kept_ms * interval '1 ms'`,
      [keysOf(subjects), subjects.map(({ limits }) => limits.keptMs)],
    );
    const counted = await connection.query(
      `insert into failed_attempts as f (subject, count, wait_until, at)
       select s.key, 1, clock_timestamp(), clock_timestamp() from unnest($1::bytea[]) as s(key) order by s.key
       on conflict (subject) do update set count = f.count + 1, at = clock_timestamp()
       where f.wait_until <= clock_timestamp() returning subject`,
      [keysOf(subjects)],
    );
    if (counted.length < subjects.length) throw tooManyAttempts(await readWait(connection, subjects));
    await setWaits(connection, subjects);
  });
  return { subjects };
}

/** Says that a guess was wrong: the wait that it costs begins now. */
export async function failAttempt(connection: Connection, { subjects }: Attempt): Promise<void> {
  await setWaits(connection, subjects);
}

/** Takes a guess back that was none: it was right, or nobody has looked. The failures before it still count. */
export async function withdrawAttempt(connection: Connection, { subjects }: Attempt): Promise<void> {
  await connection.query(
    'update failed_attempts set count = count - 1, wait_until = clock_timestamp() where subject = any($1::bytea[]) and count > 0',
    [keysOf(subjects)],
  );
  await setWaits(connection, subjects);
}

/** Forgets the failures at an account, for its person has just signed in, from an address that is known by that. */
export async function clearAttempts(connection: Connection, email: string, address: string): Promise<void> {
  const keys = keysOf(subjectsOfAccount(email, address));
  await connection.query('delete from failed_attempts where subject = any($1::bytea[])', [keys]);
}

async function setWaits(connection: Connection, subjects: readonly AttemptSubject[]): Promise<void> {
  await connection.query(
    `update failed_attempts f
     set wait_until = clock_timestamp() + least($3, power(2, least(f.count - s.free - 1, 20))) * interval '1 s'
     from unnest($1::bytea[], $2::int[]) as s(key, free) where f.subject = s.key and f.count > s.free`,
    [keysOf(subjects), subjects.map(({ limits }) => limits.freeFailures), waitMaxSeconds],
  );
}

async function readWait(connection: Connection, subjects: readonly AttemptSubject[]): Promise<number> {
  const [row] = await connection.query<{ wait_ms: number | null }>(
    `select ceil(extract(epoch from max(wait_until) - clock_timestamp()) * 1000)::int as wait_ms
     from failed_attempts where subject = any($1::bytea[])`,
    [subjects.map(({ key }) => key)],
  );
  return Math.max(row?.wait_ms ?? 0, 1);
}

function keysOf(subjects: readonly AttemptSubject[]): readonly Buffer[] {
  return subjects.map(({ key }) => key);
}

function tooManyAttempts(waitMs: number): RpcError {
  const seconds = Math.ceil(waitMs / 1000);
  const wait = seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`;
  return resourceExhausted('TOO_MANY_ATTEMPTS', `Too many attempts. Try again in ${wait}.`, waitMs);
}
