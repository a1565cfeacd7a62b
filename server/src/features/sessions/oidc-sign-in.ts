import { SignInMethod } from '@roster/proto/gen/roster/sessions/v1/session_service';
import type { Connection } from '../../database/database.ts';
import { type Challenge, keepChallenge, takeChallenge } from '../../identity/challenges.ts';
import { findFederatedUser } from '../../identity/federated-identities.ts';
import { lifetimes } from '../../identity/lifetimes.ts';
import type { OidcAttempt, OidcIdentity } from '../../identity/oidc-provider.ts';
import { deriveSecret, hashSecret, newSecret } from '../../identity/secrets.ts';
import {
  confirmIdentity,
  findBrowserSession,
  requireBrowserSession,
  type SignedIn,
  signIn,
  signInFailed,
} from '../../identity/sign-in.ts';
import type { CallContext } from '../../rpc/context.ts';
import { failedPrecondition, permissionDenied, type RpcError } from '../../rpc/rpc-error.ts';
import { acceptLinkByOidc, findOidcLink } from './oidc-link.ts';
import { readReturnPath } from './return-path.ts';
import type { SessionHandlers } from './session-handlers.ts';
import type { OidcParts, SessionsParts } from './sessions-parts.ts';

/**
 * Sign-in at the OpenID provider of this store.
 *
 * What the provider's answer is held against is derived from a secret in a cookie of the browser that began, so that no other browser can end it, and the store
 * holds nothing to end it with.
 */
export function oidcSignIn(parts: SessionsParts): SessionHandlers<'beginOidcSignIn' | 'finishOidcSignIn'> {
  const { database } = parts;
  return {
    async beginOidcSignIn({ returnPath, linkSecret, confirms }, context) {
      const { provider, cookie } = configured(parts);
      const data = { returnPath: readReturnPath(returnPath), redirectUri: `${originOf(context)}/oidc` };
      // Another tab may be at the same: it keeps its secret.
      const secret = cookie.read(context.header('cookie')) ?? newSecret();
      const { id, asksAgain } = await database.run(context.signal, async (connection) => {
        const more = await boundTo(parts, connection, context, { linkSecret, confirms });
        const challenge = { userId: undefined, data: { ...data, ...more }, browserHash: hashSecret(secret) };
        return { id: await keepChallenge(connection, 'oidc', challenge), asksAgain: 'sessionId' in more };
      });
      const authorizationUrl = await provider.authorizationUrl(attemptOf(id, secret, data.redirectUri), { asksAgain });
      context.setHeader('set-cookie', cookie.set(secret));
      return { authorizationUrl };
    },
    async finishOidcSignIn({ query }, context) {
      const { provider, cookie } = configured(parts);
      const secret = cookie.read(context.header('cookie'));
      const id = new URLSearchParams(query).get('state') ?? '';
      if (secret === undefined) throw signInFailed('provider');
      const challenge = await database.run(context.signal, (connection) =>
        takeChallenge(connection, 'oidc', id, hashSecret(secret)),
      );
      if (!challenge) throw signInFailed('provider');
      const { redirectUri = '', returnPath = '/' } = challenge.data;
      const identity = await provider.redeem(attemptOf(id, secret, redirectUri), query);
      if (!identity) throw signInFailed('provider');
      const signedIn = await database.transaction(context.signal, (connection) =>
        endSignIn(parts, connection, context, challenge, identity),
      );
      parts.onCommitted();
      context.setHeader('set-cookie', parts.cookie.set(signedIn.secret));
      return { session: signedIn.session, returnPath };
    },
  };
}

/** What the sign-in is for: the acceptance of a link, or a new proof of who has a session in this browser, which a confirmation goes on with. */
async function boundTo(
  parts: SessionsParts,
  connection: Connection,
  context: CallContext,
  { linkSecret, confirms }: { readonly linkSecret: string; readonly confirms: boolean },
): Promise<Challenge['data']> {
  if (linkSecret !== '') return { linkId: (await findOidcLink(connection, linkSecret)).id };
  if (confirms) {
    const { id } = await requireBrowserSession(parts, connection, context);
    return { sessionId: id, confirms: 'true' };
  }
  const session = await findBrowserSession(parts, connection, context);
  return session ? { sessionId: session.id } : {};
}

async function endSignIn(
  parts: SessionsParts,
  connection: Connection,
  context: CallContext,
  { data: { linkId, sessionId, confirms } }: Challenge,
  identity: OidcIdentity,
): Promise<SignedIn> {
  const method = SignInMethod.OIDC;
  if (linkId !== undefined) {
    const userId = await acceptLinkByOidc(connection, context, { id: linkId }, identity);
    return signIn(parts, connection, context, { userId, method });
  }
  const userId = await findFederatedUser(connection, identity);
  if (userId === undefined) throw notInvited();
  const session = sessionId === undefined ? undefined : await findBrowserSession(parts, connection, context);
  if (session === undefined || session.id !== sessionId) return signIn(parts, connection, context, { userId, method });
  if (!isFresh(identity)) throw signInFailed('provider');
  if (confirms === undefined) return signIn(parts, connection, context, { userId, method });
  if (session.userId !== userId) throw signInFailed('provider');
  return confirmIdentity(connection, context, session);
}

/** A provider that says when it has last asked who it is may not have asked now, though it was told to. */
function isFresh({ authTime }: OidcIdentity): boolean {
  return authTime === undefined || Date.now() - authTime * 1000 < lifetimes.freshMs;
}

function attemptOf(id: string, secret: string, redirectUri: string): OidcAttempt {
  const derive = (purpose: string) => deriveSecret(secret, `${purpose} ${id}`);
  return { redirectUri, state: id, nonce: derive('nonce'), codeVerifier: derive('code verifier') };
}

function configured({ oidc }: SessionsParts): OidcParts {
  if (oidc) return oidc;
  const description = 'No OpenID provider is set up here.';
  throw failedPrecondition({ type: 'OIDC_NOT_CONFIGURED', subject: 'oidc', description });
}

/** The page that calls, which authenticate has judged; it is where the provider is to send the browser back to. */
function originOf(context: CallContext): string {
  const origin = context.header('origin');
  if (origin === undefined) throw permissionDenied('ORIGIN_NOT_ALLOWED', 'Only a page can sign in at a provider.');
  return origin;
}

function notInvited(): RpcError {
  return permissionDenied('NOT_INVITED', 'Nobody here signs in with this account. Ask an admin for an invitation.');
}
