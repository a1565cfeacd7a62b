import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  verifyAuthenticationResponse,
} from '@simplewebauthn/server';
import { lifetimes } from './lifetimes.ts';
import type { StoredPasskey } from './passkey-store.ts';
import type { RelyingParty } from './relying-party.ts';
import { userHandleOf } from './user-handle.ts';

/** The options for `navigator.credentials.get()`, as JSON, and the challenge in them. Without passkeys, whichever the person has on the device. */
export async function assertionOptions(
  { id }: Pick<RelyingParty, 'id'>,
  passkeys: readonly Pick<StoredPasskey, 'id' | 'transports'>[],
): Promise<{ readonly challenge: string; readonly json: string }> {
  const options = await generateAuthenticationOptions({
    rpID: id,
    userVerification: 'required',
    timeout: lifetimes.challengeMs,
    allowCredentials: passkeys.map((passkey) => ({ id: passkey.id, transports: [...passkey.transports] })),
  });
  return { challenge: options.challenge, json: JSON.stringify(options) };
}

/** An answer of a browser that has the form of one. Whether it is right, `verifyAssertion` says. */
export type Assertion = AuthenticationResponseJSON;

/** Reads an AuthenticationResponseJSON; undefined where it is none. */
export function readAssertion(json: string): Assertion | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isAssertion(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Judges an answer to a challenge: undefined unless this very passkey has signed it for this page, with its person verified, and counts on from where it was. A copy
 * of a passkey gives itself away by its count.
 */
export async function verifyAssertion(
  { id, origin }: RelyingParty,
  passkey: StoredPasskey,
  challenge: string,
  assertion: Assertion,
): Promise<Pick<StoredPasskey, 'counter' | 'isSynced'> | undefined> {
  const { userHandle } = assertion.response;
  if (origin === undefined || (userHandle && userHandle !== userHandleOf(passkey.userId))) return undefined;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: assertion,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
      credential: { id: passkey.id, publicKey: new Uint8Array(passkey.publicKey), counter: passkey.counter },
    });
    if (!verified) return undefined;
    return { counter: authenticationInfo.newCounter, isSynced: authenticationInfo.credentialBackedUp };
  } catch {
    // The library throws for most of what can be wrong, and for what it cannot read.
    return undefined;
  }
}

function isAssertion(value: unknown): value is Assertion {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'string' &&
    'response' in value &&
    typeof value.response === 'object' &&
    value.response !== null
  );
}
