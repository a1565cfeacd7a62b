import type { Connection, Database } from '../../database/database.ts';
import { recordAccess } from '../../identity/access-events.ts';
import type { AttemptSubject } from '../../identity/attempt-subjects.ts';
import { type Attempt, beginAttempt, failAttempt, withdrawAttempt } from '../../identity/attempts.ts';
import { describeDevice } from '../../identity/device.ts';
import { type Account, holdPassword, rehashPassword } from '../../identity/password-store.ts';
import type { Passwords } from '../../identity/passwords.ts';
import { type SignInWay, signInFailed } from '../../identity/sign-in.ts';
import type { CallContext } from '../../rpc/context.ts';

interface ProofParts {
  readonly database: Database;
  readonly passwords: Passwords;
}

/** A password that was found right. */
export interface PasswordProof {
  readonly account: Account;
  readonly attempt: Attempt;
  readonly way: SignInWay;
  /** The same password at today's costs, where it was kept at others. */
  readonly rehashed: string | undefined;
}

/**
 * Checks the password that somebody gives for an account; undefined stands for one that there is not, which takes as long and fails alike. UNAUTHENTICATED,
 * SIGN_IN_FAILED, whatever is wrong; RESOURCE_EXHAUSTED, TOO_MANY_ATTEMPTS, where the guess comes too early.
 */
export async function provePassword(
  { database, passwords }: ProofParts,
  context: CallContext,
  guess: {
    readonly account: Account | undefined;
    readonly password: string;
    /** What the answer to a wrong one is about. */
    readonly way: SignInWay;
    readonly subjects: readonly AttemptSubject[];
  },
): Promise<PasswordProof> {
  const { account, password, way, subjects } = guess;
  const attempt = await beginAttempt(database, context.signal, subjects);
  const { matches, isOutdated } = await passwords
    .verify(password, account?.passwordHash, context.signal)
    .catch(async (error: unknown) => {
      // Nobody has looked at it. Who goes away meanwhile has guessed all the same.
      if (!context.signal.aborted) await database.run(undefined, (connection) => withdrawAttempt(connection, attempt));
      throw error;
    });
  if (!matches || !account?.mayEnter) {
    await database.run(context.signal, async (connection) => {
      await failAttempt(connection, attempt);
      if (account) await recordFailure(connection, context, account);
    });
    throw signInFailed(way);
  }
  // Where too many wait, another sign-in will do it.
  const rehashed = isOutdated ? await passwords.hash(password, context.signal).catch(() => undefined) : undefined;
  return { account, attempt, way, rehashed };
}

/** Takes the proof for good, in the transaction of what follows from it. UNAUTHENTICATED, SIGN_IN_FAILED, where the password has been changed meanwhile. */
export async function acceptProof(
  connection: Connection,
  { account, attempt, way, rehashed }: PasswordProof,
): Promise<void> {
  if (!(await holdPassword(connection, account))) throw signInFailed(way);
  await withdrawAttempt(connection, attempt);
  if (rehashed !== undefined) await rehashPassword(connection, account, rehashed);
}

async function recordFailure(connection: Connection, context: CallContext, { userId }: Account): Promise<void> {
  await recordAccess(connection, {
    kind: 'SIGN_IN_FAILED',
    actor: context.caller,
    address: context.address,
    userId,
    device: describeDevice(context.header('user-agent')),
    requestId: context.requestId,
  });
}
