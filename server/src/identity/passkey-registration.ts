import {
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { decodeAttestationObject } from '@simplewebauthn/server/helpers';
import { lifetimes } from './lifetimes.ts';
import type { StoredPasskey } from './passkey-store.ts';
import type { RelyingParty } from './relying-party.ts';
import { userHandleOf } from './user-handle.ts';

/** EdDSA, ES256 and RS256 of COSE: what authenticators know and `node:crypto` verifies. */
const algorithms = [-8, -7, -257];

/** The options for `navigator.credentials.create()`, as JSON, and the challenge in them. An authenticator that has one of `known` makes no second. */
export async function registrationOptions(
  { id }: Pick<RelyingParty, 'id'>,
  person: { readonly id: string; readonly name: string; readonly email: string },
  known: readonly Pick<StoredPasskey, 'id' | 'transports'>[],
): Promise<{ readonly challenge: string; readonly json: string }> {
  const options = await generateRegistrationOptions({
    rpName: 'Roster',
    rpID: id,
    userID: new Uint8Array(Buffer.from(userHandleOf(person.id), 'base64url')),
    userName: person.email,
    userDisplayName: person.name,
    timeout: lifetimes.challengeMs,
    attestationType: 'none',
    excludeCredentials: known.map((passkey) => ({ id: passkey.id, transports: [...passkey.transports] })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: algorithms,
  });
  return { challenge: options.challenge, json: JSON.stringify(options) };
}

/** What a new passkey is, by its authenticator. */
export type NewPasskey = Pick<StoredPasskey, 'id' | 'publicKey' | 'counter' | 'transports' | 'isSynced'>;

/** Judges a RegistrationResponseJSON: undefined unless it answers this challenge, was made for this page, and its person was verified. */
export async function verifyRegistration(
  { id, origin }: RelyingParty,
  challenge: string,
  json: string,
): Promise<NewPasskey | undefined> {
  if (origin === undefined) return undefined;
  try {
    // What it is not, the library finds out.
    const response: RegistrationResponseJSON = JSON.parse(json);
    if (hasCertificates(response)) return undefined;
    const { registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    });
    if (!registrationInfo) return undefined;
    const { credential, credentialBackedUp } = registrationInfo;
    return {
      id: credential.id,
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: readTransports(credential.transports),
      isSynced: credentialBackedUp,
    };
  } catch {
    return undefined;
  }
}

/**
 * Whether the answer has a chain of certificates that says who built the authenticator. Nobody has asked for it, browsers take it out, and to judge it the library
 * would call the addresses that it names.
 */
function hasCertificates(response: RegistrationResponseJSON): boolean {
  const attestation = decodeAttestationObject(
    new Uint8Array(Buffer.from(response.response.attestationObject, 'base64url')),
  );
  const format = attestation.get('fmt');
  return !(format === 'none' || (format === 'packed' && attestation.get('attStmt').get('x5c') === undefined));
}

/** The page says them, so only those that are known are kept. */
function readTransports(transports: unknown): readonly string[] {
  const known = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'];
  return Array.isArray(transports) ? known.filter((transport) => transports.includes(transport)) : [];
}
