import type { Session, SignInMethod } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { UserState } from '@roster/proto/gen/userservice/v1/user';
import type { Connection } from '../database/database.ts';
import type { CallContext } from '../rpc/context.ts';
import { type RpcError, unauthenticated } from '../rpc/rpc-error.ts';
import { type AccessEvent, recordAccess } from './access-events.ts';
import { clearAttempts } from './attempts.ts';
import { describeDevice } from './device.ts';
import { revoke } from './revoke.ts';
import type { SessionCookie } from './session-cookie.ts';
import { readOwnSession } from './session-list.ts';
import { findSession, type LiveSession, renewSession, startSession } from './session-store.ts';

export interface SignInParts {
  readonly cookie: SessionCookie;
  /** Makes the id of a new session: a UUID of version 7. */
  readonly newId: () => string;
}

/** A session with its new secret, which goes into the cookie (`parts.cookie.set`) after the commit, and nowhere else. */
export interface SignedIn {
  readonly secret: string;
  readonly session: Session;
}

/**
 * Ends any way to sign in: begins a session of a person who has proved who they are, and writes that down. A session that the browser had before, of whomever, ends.
 * Runs in a transaction; call `onCommitted` after it.
 *
 * UNAUTHENTICATED, SIGN_IN_FAILED, for a person who may not sign in: suspended, deleted, unknown.
 */
export async function signIn(
  parts: SignInParts,
  connection: Connection,
  context: CallContext,
  { userId, method }: { readonly userId: string; readonly method: SignInMethod },
): Promise<SignedIn> {
  // Held: a suspension at this moment comes before, and is seen, or ends the session that begins here with all others.
  const [person] = await connection.query<{ name: string; email: string }>(
    'select name, email from users where id = $1 and state = $2 and deleted_at is null for key share',
    [userId, UserState.ACTIVE],
  );
  if (!person) throw signInFailed(wayOf[method]);
  const id = parts.newId();
  const actor = { id: userId, name: person.name, sessionId: id, tokenId: undefined };
  const before = await findBrowserSession(parts, connection, context);
  if (before) await endSessionBefore(connection, context, actor, before);
  await clearAttempts(connection, person.email, context.address);
  const device = describeDevice(context.header('user-agent'));
  const secret = await startSession(connection, { id, userId, method, device, address: context.address });
  await recordAccess(connection, {
    kind: 'SIGNED_IN',
    actor,
    address: context.address,
    userId,
    device,
    detail: methodNames[method],
    requestId: context.requestId,
  });
  return { secret, session: await readSessionAgain(connection, id) };
}

/** Of one's own session the sign-in says enough; somebody else's history says who has ended theirs. */
async function endSessionBefore(
  connection: Connection,
  { address, requestId }: CallContext,
  actor: AccessEvent['actor'],
  { id, userId }: LiveSession,
): Promise<void> {
  await revoke(connection, { sessionId: id });
  if (userId === actor.id) return;
  const detail = 'by a sign-in in the same browser';
  await recordAccess(connection, { kind: 'SESSION_ENDED', actor, address, userId, detail, requestId });
}

/** Ends any way to confirm one's identity (step-up): the session keeps its id, gets a new secret, and is fresh. Runs in a transaction. */
export async function confirmIdentity(
  connection: Connection,
  context: CallContext,
  session: Pick<LiveSession, 'id' | 'userId' | 'userName'>,
): Promise<SignedIn> {
  const secret = await renewSession(connection, session.id);
  await recordAccess(connection, {
    kind: 'IDENTITY_CONFIRMED',
    actor: { id: session.userId, name: session.userName, sessionId: session.id, tokenId: undefined },
    address: context.address,
    userId: session.userId,
    requestId: context.requestId,
  });
  return { secret, session: await readSessionAgain(connection, session.id) };
}

/** The session of the browser that makes a call for which nobody needs to be signed in; undefined for none that is good. */
export async function findBrowserSession(
  { cookie }: Pick<SignInParts, 'cookie'>,
  connection: Connection,
  context: CallContext,
): Promise<LiveSession | undefined> {
  const secret = cookie.read(context.header('cookie'));
  return secret === undefined ? undefined : findSession(connection, secret);
}

/** As `findBrowserSession`, for a call that confirms a session. */
export async function requireBrowserSession(
  parts: Pick<SignInParts, 'cookie'>,
  connection: Connection,
  context: CallContext,
): Promise<LiveSession> {
  const session = await findBrowserSession(parts, connection, context);
  if (!session) throw notSignedIn();
  return session;
}

/** How somebody proves who they are; a confirmation is the password of who is signed in. */
export type SignInWay = 'password' | 'confirmation' | 'passkey' | 'provider' | 'link';

const failures: Readonly<Record<SignInWay, string>> = {
  password: 'Email and password do not fit together, or this person may not sign in.',
  confirmation: 'This is not your password.',
  passkey:
    'The passkey was not accepted: it came too late, is not known here, is somebody else’s, or its person may not sign in.',
  provider:
    'The sign-in at the provider was not accepted: it was cancelled, came too late, is somebody else’s, or its person may not sign in.',
  link: 'This link signs nobody in any more.',
};

/** The answer to every attempt that fails: one for each way, whatever is wrong with it. */
export function signInFailed(way: SignInWay): RpcError {
  return unauthenticated('SIGN_IN_FAILED', failures[way]);
}

const wayOf: Readonly<Record<SignInMethod, SignInWay>> = {
  0: 'password',
  1: 'password',
  2: 'passkey',
  3: 'passkey',
  4: 'provider',
  5: 'link',
};

const methodNames: Readonly<Record<SignInMethod, string>> = {
  0: '',
  1: 'password',
  2: 'passkey',
  3: 'password and passkey',
  4: 'OpenID',
  5: 'one-time link',
};

async function readSessionAgain(connection: Connection, id: string): Promise<Session> {
  const session = await readOwnSession(connection, id);
  if (!session) throw notSignedIn();
  return session;
}

function notSignedIn(): RpcError {
  return unauthenticated('NOT_SIGNED_IN', 'You are not signed in.');
}
