/** Why an authenticator gave no answer. */
export type PasskeyFailure =
  /** The person declined, took too long, or has no passkey here; browsers do not tell which. */
  | 'declined'
  /** This authenticator already holds one for the account. */
  | 'known'
  | 'impossible';

export class PasskeyError extends Error {
  override readonly name = 'PasskeyError';
  readonly failure: PasskeyFailure;

  constructor(failure: PasskeyFailure, cause: unknown) {
    super(failure, { cause });
    this.failure = failure;
  }
}

/** Whether this browser has passkeys for this page: it must be a secure one. */
export function hasPasskeys(): boolean {
  return typeof PublicKeyCredential === 'function' && typeof navigator.credentials?.get === 'function';
}

/** Whether the browser offers passkeys where an email is filled in. */
export async function offersPasskeys(): Promise<boolean> {
  return hasPasskeys() && ((await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false);
}

/**
 * Has an authenticator answer a sign-in's challenge; takes and returns the JSON of WebAuthn level 3. Fails with a `PasskeyError`.
 *
 * `isOffered`: waits, without a dialog, until the person picks a passkey where the browser offers them.
 */
export async function answerChallenge(optionsJson: string, signal: AbortSignal, isOffered = false): Promise<string> {
  return ask(async () =>
    navigator.credentials.get({
      publicKey: readRequest(JSON.parse(optionsJson)),
      signal,
      ...(isOffered && { mediation: 'conditional' }),
    }),
  );
}

/** Has an authenticator make a passkey; takes and returns the JSON of WebAuthn level 3. Fails with a `PasskeyError`. */
export async function makePasskey(optionsJson: string, signal: AbortSignal): Promise<string> {
  return ask(async () => navigator.credentials.create({ publicKey: readCreation(JSON.parse(optionsJson)), signal }));
}

async function ask(request: () => Promise<Credential | null>): Promise<string> {
  try {
    const credential = await request();
    if (!(credential instanceof PublicKeyCredential)) throw new PasskeyError('declined', undefined);
    return JSON.stringify(typeof credential.toJSON === 'function' ? credential.toJSON() : credentialJson(credential));
  } catch (thrown) {
    throw thrown instanceof PasskeyError ? thrown : new PasskeyError(failureOf(thrown), thrown);
  }
}

function failureOf(thrown: unknown): PasskeyFailure {
  const name = thrown instanceof Error ? thrown.name : '';
  if (name === 'InvalidStateError') return 'known';
  return name === 'NotAllowedError' || name === 'AbortError' ? 'declined' : 'impossible';
}

function readRequest(json: PublicKeyCredentialRequestOptionsJSON): PublicKeyCredentialRequestOptions {
  if (typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function')
    return PublicKeyCredential.parseRequestOptionsFromJSON(json);
  const { challenge, allowCredentials, extensions: _, ...rest } = json;
  return {
    ...(rest as Omit<PublicKeyCredentialRequestOptions, 'challenge'>),
    challenge: bytesOf(challenge),
    ...(allowCredentials && { allowCredentials: allowCredentials.map(readDescriptor) }),
  };
}

function readCreation(json: PublicKeyCredentialCreationOptionsJSON): PublicKeyCredentialCreationOptions {
  if (typeof PublicKeyCredential.parseCreationOptionsFromJSON === 'function')
    return PublicKeyCredential.parseCreationOptionsFromJSON(json);
  const { challenge, user, excludeCredentials, extensions: _, ...rest } = json;
  return {
    ...(rest as Omit<PublicKeyCredentialCreationOptions, 'challenge' | 'user'>),
    challenge: bytesOf(challenge),
    user: { ...user, id: bytesOf(user.id) },
    ...(excludeCredentials && { excludeCredentials: excludeCredentials.map(readDescriptor) }),
  };
}

function readDescriptor({ id, type, transports }: PublicKeyCredentialDescriptorJSON): PublicKeyCredentialDescriptor {
  return {
    id: bytesOf(id),
    type: type as PublicKeyCredentialType,
    ...(transports && { transports: transports as AuthenticatorTransport[] }),
  };
}

/** What `toJSON` would say, for browsers without it. */
function credentialJson(credential: PublicKeyCredential): object {
  const { response } = credential;
  return {
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: {},
    response: { clientDataJSON: textOf(response.clientDataJSON), ...responseJson(response) },
  };
}

function responseJson(response: AuthenticatorResponse): object {
  if (response instanceof AuthenticatorAssertionResponse) {
    return {
      authenticatorData: textOf(response.authenticatorData),
      signature: textOf(response.signature),
      ...(response.userHandle && { userHandle: textOf(response.userHandle) }),
    };
  }
  if (!(response instanceof AuthenticatorAttestationResponse)) return {};
  return {
    attestationObject: textOf(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  };
}

/** Reads base64url. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}

/** Writes base64url, without padding. */
function textOf(bytes: ArrayBuffer): string {
  const text = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
