import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import { makePasskey } from '../lib/passkeys.ts';
import { answerOf } from '../rpc/answer-of.ts';
import type { AppError } from '../rpc/app-error.ts';
import type { Clients } from '../rpc/clients.tsx';

/** Makes a passkey for whoever is signed in. Fails with an `AppError`, or a `PasskeyError` where the browser has made none. */
export async function addPasskey(clients: Clients, name: string): Promise<void> {
  const client = clients.of(CredentialServiceClient);
  const { challenge } = await answerOf(client.beginPasskeyRegistration({}));
  if (!challenge) throw incomplete;
  const responseJson = await makePasskey(challenge.optionsJson, new AbortController().signal);
  await answerOf(client.finishPasskeyRegistration({ challengeId: challenge.id, responseJson, name }));
}

const incomplete: AppError = { kind: 'fault', message: 'The server’s answer is not complete.' };
