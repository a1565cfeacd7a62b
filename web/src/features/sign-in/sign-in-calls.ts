import type { PasskeyChallenge } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { SessionServiceClient } from '@roster/proto/gen/roster/sessions/v1/session_service.client';
import { answerChallenge } from '../../lib/passkeys.ts';
import { answerOf } from '../../rpc/answer-of.ts';
import type { AppError } from '../../rpc/app-error.ts';
import type { Clients } from '../../rpc/clients.tsx';

/** How far a password brings: to a session, or to the question for a passkey. */
export type PasswordOutcome =
  | { readonly kind: 'signed-in' }
  | { readonly kind: 'second-factor'; readonly challenge: PasskeyChallenge };

export async function signInWithPassword(clients: Clients, email: string, password: string): Promise<PasswordOutcome> {
  const client = clients.of(SessionServiceClient);
  return outcomeOf((await answerOf(client.signInWithPassword({ email: email.trim(), password }))).result);
}

export async function confirmWithPassword(clients: Clients, password: string): Promise<PasswordOutcome> {
  return outcomeOf((await answerOf(clients.of(SessionServiceClient).confirmIdentity({ password }))).result);
}

/** Signs in with a passkey, or answers the question for one. */
export async function signInWithPasskey(
  clients: Clients,
  challenge: PasskeyChallenge,
  signal: AbortSignal,
): Promise<void> {
  await finishPasskeySignIn(clients, challenge, await answerChallenge(challenge.optionsJson, signal));
}

/** `answer`: an authenticator's, to the challenge. */
export async function finishPasskeySignIn(
  clients: Clients,
  challenge: PasskeyChallenge,
  answer: string,
): Promise<void> {
  const client = clients.of(SessionServiceClient);
  await answerOf(client.finishPasskeySignIn({ challengeId: challenge.id, responseJson: answer }));
}

/** `confirms`: the session goes on, and its person has proved anew who they are; else a new one begins. */
export async function beginPasskeySignIn(clients: Clients, confirms = false): Promise<PasskeyChallenge> {
  const { challenge } = await answerOf(clients.of(SessionServiceClient).beginPasskeySignIn({ confirms }));
  if (challenge) return challenge;
  throw incomplete;
}

/** Leaves the page for the OpenID provider's. `linkSecret`: the invitation that is accepted so; empty for none. `confirms`: as of a passkey. */
export async function goToProvider(
  clients: Clients,
  returnPath: string,
  { linkSecret = '', confirms = false }: { readonly linkSecret?: string; readonly confirms?: boolean } = {},
): Promise<void> {
  const call = clients.of(SessionServiceClient).beginOidcSignIn({ returnPath, linkSecret, confirms });
  const { authorizationUrl } = await answerOf(call);
  location.assign(authorizationUrl);
  // The page goes; until then the button stays busy.
  await new Promise<never>(() => undefined);
}

type Result =
  | { oneofKind: 'session' }
  | { oneofKind: 'secondFactor'; secondFactor: PasskeyChallenge }
  | { oneofKind: undefined };

function outcomeOf(result: Result): PasswordOutcome {
  if (result.oneofKind === 'session') return { kind: 'signed-in' };
  if (result.oneofKind === 'secondFactor') return { kind: 'second-factor', challenge: result.secondFactor };
  throw incomplete;
}

const incomplete: AppError = { kind: 'fault', message: 'The server’s answer is not complete.' };
