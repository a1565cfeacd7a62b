import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import type { TestBrowser } from '../../testing/test-browser.ts';
import type { Authenticator, Fault } from './authenticator.ts';

/** Registers a passkey for the person who is signed in in a browser, by the calls that the console makes. */
export async function registerPasskey(
  { transport }: Pick<TestBrowser, 'transport'>,
  authenticator: Authenticator,
  { name = '', ...fault }: Fault & { readonly name?: string } = {},
) {
  const client = new CredentialServiceClient(transport);
  const { challenge } = await client.beginPasskeyRegistration({}).response;
  const { id = '', optionsJson = '' } = challenge ?? {};
  const responseJson = authenticator.create(optionsJson, fault);
  return client.finishPasskeyRegistration({ challengeId: id, responseJson, name }).response;
}
