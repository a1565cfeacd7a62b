import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  ResponseBodyError,
} from 'openid-client';
import type { OidcSettings } from '../config.ts';
import { type RpcError, unavailable } from '../rpc/rpc-error.ts';
import { lifetimes } from './lifetimes.ts';

/** One sign-in at the provider: what it is asked with, and what its answer is held against. */
export interface OidcAttempt {
  /** Where the provider sends the browser back to. */
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** Who has signed in there. An email address tells nothing: whose it is today is for the provider to say, and to change. */
export interface OidcIdentity {
  readonly issuer: string;
  readonly subject: string;
  /** The provider as the settings name it, whatever it calls itself. */
  readonly provider: string;
  /** When they proved it, where the provider says so; seconds since 1970. */
  readonly authTime: number | undefined;
}

/** The OpenID provider of this store. Both calls are UNAVAILABLE, OIDC_UNAVAILABLE, while it does not answer as one. */
export interface OidcProvider {
  /** Where to send the browser. `asksAgain`: also who has a session at the provider must sign in there. */
  authorizationUrl(attempt: OidcAttempt, options: { readonly asksAgain: boolean }): Promise<string>;
  /** Redeems the code in the query that the provider has sent the browser back with; undefined where that proves nobody. */
  redeem(attempt: OidcAttempt, query: string): Promise<OidcIdentity | undefined>;
}

/** A token and the keys of its signature come one after the other, within the deadline of a call. */
const requestTimeoutS = 4;
const discoveryMs = 60 * 60_000;

/**
 * Code flow with PKCE, state and nonce; the signature of the ID token is checked, and its issuer, audience and times. The provider is first asked about itself when
 * somebody signs in, and again every hour; what it last said holds while it is away.
 *
 * `onProblem`: told why a sign-in failed that should not have, without any value of it.
 */
export function createOidcProvider(
  { issuer, clientId, clientSecret }: OidcSettings,
  { clock, onProblem }: { readonly clock: () => Date; readonly onProblem: (problem: Error) => void },
): OidcProvider {
  let known: { readonly configuration: Configuration; readonly until: number } | undefined;

  async function configured(): Promise<Configuration> {
    const now = clock().getTime();
    if (known && now < known.until) return known.configuration;
    try {
      const insecure = issuer.protocol === 'http:' ? [allowInsecureRequests] : [];
      const configuration = await discovery(issuer, clientId, clientSecret, undefined, {
        execute: [...insecure, enableNonRepudiationChecks],
        timeout: requestTimeoutS,
      });
      known = { configuration, until: now + discoveryMs };
      return configuration;
    } catch (error) {
      onProblem(problemOf(error));
      if (known) return known.configuration;
      throw oidcUnavailable();
    }
  }

  return {
    async authorizationUrl({ redirectUri, state, nonce, codeVerifier }, { asksAgain }) {
      const url = buildAuthorizationUrl(await configured(), {
        redirect_uri: redirectUri,
        scope: 'openid',
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        // By `max_age` it also tells when it has asked.
        ...(asksAgain ? { prompt: 'login', max_age: String(lifetimes.freshMs / 1000) } : {}),
      });
      return url.href;
    },
    async redeem({ redirectUri, state, nonce, codeVerifier }, query) {
      const configuration = await configured();
      const answer = new URL(redirectUri);
      answer.search = query;
      try {
        const tokens = await authorizationCodeGrant(configuration, answer, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        return claims && { issuer: claims.iss, subject: claims.sub, provider: issuer.href, authTime: claims.auth_time };
      } catch (error) {
        if (isRefusal(error)) return undefined;
        onProblem(problemOf(error));
        if (isProvidersFault(error)) throw oidcUnavailable();
        return undefined;
      }
    },
  };
}

/** The person, or whoever brings the code, has caused it. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof AuthorizationResponseError ||
    (error instanceof ResponseBodyError && error.error === 'invalid_grant')
  );
}

/** It does not answer, or not as a provider does; or it does not take us for its client. */
function isProvidersFault(error: unknown): boolean {
  const code = codeOf(error);
  return (
    error instanceof ResponseBodyError ||
    (error instanceof TypeError && code === undefined) ||
    (code !== undefined &&
      ['OAUTH_TIMEOUT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON', 'OAUTH_PARSE_ERROR'].includes(
        code,
      ))
  );
}

/** The library's errors hold answers of the provider, tokens among them: only their names and codes are told. */
function problemOf(error: unknown): Error {
  const cause = error instanceof Error ? error.cause : undefined;
  const codes = [
    error instanceof Error ? error.name : '',
    codeOf(error),
    error instanceof ResponseBodyError ? error.error : undefined,
    cause instanceof Error ? (codeOf(cause) ?? cause.name) : undefined,
  ];
  return new Error(`The OpenID provider: ${codes.filter(Boolean).join(', ')}`);
}

function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : undefined;
}

function oidcUnavailable(): RpcError {
  const message = 'The OpenID provider does not answer at this moment. Try again, or sign in another way.';
  return unavailable('OIDC_UNAVAILABLE', message, 5000);
}
