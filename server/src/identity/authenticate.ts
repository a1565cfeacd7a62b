import type { Database } from '../database/database.ts';
import type { Interceptor, RpcCall } from '../rpc/call.ts';
import type { Caller } from '../rpc/context.ts';
import { permissionDenied, type RpcError, unauthenticated } from '../rpc/rpc-error.ts';
import type { LiveCallers } from './live-callers.ts';
import { parseApiToken } from './secrets.ts';
import type { SessionCookie } from './session-cookie.ts';
import { findSession, noteActivity } from './session-store.ts';
import { findToken, noteUse } from './token-store.ts';

export interface AuthenticateParts {
  readonly database: Database;
  readonly cookie: SessionCookie;
  readonly liveCallers: LiveCallers;
  /** Origins, beside the server's own, whose pages may call with the session's cookie. */
  readonly origins: readonly string[];
  /** Whether anybody may call the method. */
  isOpen(method: string): boolean;
}

/**
 * Finds out who calls: a person by the session's cookie, a program by `authorization: Bearer`. Whatever is wrong with either, or where both are there, the call is
 * UNAUTHENTICATED, NOT_SIGNED_IN, without a hint. Streams of responses end when the caller's rights do.
 *
 * A cookie comes along with any request that a browser makes, whoever has caused it. So its calls need what a foreign page cannot send without asking Envoy first: the
 * header `x-grpc-web`, and an `origin` that is ours.
 */
export function createAuthenticate(parts: AuthenticateParts): Interceptor {
  return async (call) => {
    if (!isOriginOurs(call, parts.origins)) throw foreignOrigin();
    if (parts.isOpen(call.method.path)) return undefined;
    const mark = parts.liveCallers.mark();
    const caller = await callerOf(parts, call);
    if (!caller) throw unauthenticated('NOT_SIGNED_IN', 'You are not signed in.');
    call.caller = caller;
    if (call.method.kind === 'unary') return undefined;
    return parts.liveCallers.register(caller, mark, (error) => call.end(error));
  };
}

async function callerOf(parts: AuthenticateParts, call: RpcCall): Promise<Caller | undefined> {
  const bearer = call.header('authorization');
  const cookie = call.header('cookie');
  if (bearer !== undefined) {
    // Of two that call at once neither is meant: whoever adds one of them must not become the other.
    const isPersonToo = cookie?.includes(`${parts.cookie.name}=`) ?? false;
    return isPersonToo ? undefined : programOf(parts, call, bearer);
  }
  const secret = parts.cookie.read(cookie);
  if (secret === undefined || call.header('x-grpc-web') !== '1' || call.header('origin') === undefined)
    return undefined;
  return personOf(parts, call, secret);
}

async function personOf({ database }: AuthenticateParts, call: RpcCall, secret: string): Promise<Caller | undefined> {
  const session = await database.run(call.signal, (connection) => findSession(connection, secret));
  if (!session) return undefined;
  // An open list, or one that its page reads anew by itself, is nobody doing something.
  if (
    session.isActivityDue &&
    call.header('x-roster-feed') === undefined &&
    call.header('x-roster-background') === undefined
  ) {
    await database.run(call.signal, (connection) => noteActivity(connection, session.id, call.address));
  }
  return {
    id: session.userId,
    name: session.userName,
    role: session.role,
    userId: session.userId,
    sessionId: session.id,
    tokenId: undefined,
    scopes: undefined,
    isFresh: session.isFresh,
    expiresAt: session.expiresAt,
  };
}

async function programOf({ database }: AuthenticateParts, call: RpcCall, bearer: string): Promise<Caller | undefined> {
  const parts = parseApiToken(/^Bearer ([^\s,]+)$/i.exec(bearer)?.[1] ?? '');
  const token = parts && (await database.run(call.signal, (connection) => findToken(connection, parts)));
  if (!token) return undefined;
  if (token.isUseDue) await database.run(call.signal, (connection) => noteUse(connection, token.id, call.address));
  return {
    id: token.owner?.id ?? `token:${token.id}`,
    name: token.owner ? `${token.owner.name} (${token.name})` : token.name,
    role: token.role,
    userId: token.owner?.id,
    sessionId: undefined,
    tokenId: token.id,
    scopes: token.scopes,
    isFresh: true,
    expiresAt: token.expiresAt,
  };
}

/** Whether a call that tells its origin comes from a page of ours: the host that it was sent to, or one of the others. Programs tell none. */
function isOriginOurs(call: RpcCall, origins: readonly string[]): boolean {
  const origin = call.header('origin');
  return (
    origin === undefined ||
    origin === `http://${call.host}` ||
    origin === `https://${call.host}` ||
    origins.includes(origin)
  );
}

function foreignOrigin(): RpcError {
  return permissionDenied('ORIGIN_NOT_ALLOWED', 'This page may not call here.');
}
