import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { type CBORType, encodeCBOR } from '@levischuck/tiny-cbor';

/** What a test makes an authenticator, or the page that asks it, do wrong. */
export interface Fault {
  /** The page that asks. */
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly isUserVerified?: boolean;
  readonly isUserPresent?: boolean;
  /** The count that it tells in place of the next one. */
  readonly counter?: number;
  readonly userHandle?: string;
  /** Says that it is another's passkey. */
  readonly id?: string;
  readonly signature?: Buffer;
  /** What it says of itself in place of nothing: a signature by its own key, with or without a certificate. */
  readonly attestation?: 'self' | 'certificate';
}

/** A passkey provider in software, as a browser offers one to a page: ES256, person verified, with a count. */
export interface Authenticator {
  /** Answers creation options with a RegistrationResponseJSON, and keeps the passkey. */
  create(optionsJson: string, fault?: Fault): string;
  /** Answers request options with an AuthenticationResponseJSON; throws where it has no passkey that fits. */
  get(optionsJson: string, fault?: Fault): string;
}

interface Key {
  readonly id: string;
  readonly rpId: string;
  readonly userHandle: string;
  readonly privateKey: KeyObject;
  count: number;
}

interface Options {
  readonly challenge: string;
  readonly rpId?: string;
  readonly rp?: { readonly id: string };
  readonly user?: { readonly id: string };
  readonly allowCredentials?: readonly { readonly id: string }[];
  readonly excludeCredentials?: readonly { readonly id: string }[];
}

/** `origin`: of the page that asks. */
export function createAuthenticator({
  origin,
  isSynced = false,
}: {
  readonly origin: string;
  readonly isSynced?: boolean;
}): Authenticator {
  const keys: Key[] = [];

  return {
    create(optionsJson, fault = {}) {
      const options: Options = JSON.parse(optionsJson);
      if (options.excludeCredentials?.some(({ id }) => keys.some((key) => key.id === id))) {
        throw new Error('InvalidStateError');
      }
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const key: Key = {
        id: randomBytes(32).toString('base64url'),
        rpId: options.rp?.id ?? '',
        userHandle: options.user?.id ?? '',
        privateKey,
        count: 0,
      };
      keys.push(key);
      const id = Buffer.from(fault.id ?? key.id, 'base64url');
      const credential = Buffer.concat([Buffer.alloc(16), uint16(id.length), id, coseOf(publicKey)]);
      const data = authenticatorData(key, isSynced, fault, credential);
      const client = clientData('webauthn.create', options.challenge, origin, fault);
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), key.privateKey);
      const statement: [string, CBORType][] = [
        ['alg', -7],
        ['sig', new Uint8Array(signature)],
        ...(fault.attestation === 'certificate' ? [['x5c', [new Uint8Array(8)]] satisfies [string, CBORType]] : []),
      ];
      const attestation = encodeCBOR(
        new Map<string, CBORType>([
          ['fmt', fault.attestation ? 'packed' : 'none'],
          ['attStmt', new Map(fault.attestation ? statement : [])],
          ['authData', new Uint8Array(data)],
        ]),
      );
      return JSON.stringify({
        id: id.toString('base64url'),
        rawId: id.toString('base64url'),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: client.toString('base64url'),
          attestationObject: Buffer.from(attestation).toString('base64url'),
          transports: ['internal', 'made-up'],
        },
      });
    },
    get(optionsJson, fault = {}) {
      const options: Options = JSON.parse(optionsJson);
      const allowed = options.allowCredentials ?? [];
      const key = keys.find(
        ({ id, rpId }) => rpId === options.rpId && (allowed.length === 0 || allowed.some((each) => each.id === id)),
      );
      if (!key) throw new Error('NotAllowedError');
      key.count += 1;
      const data = authenticatorData(key, isSynced, fault);
      const client = clientData('webauthn.get', options.challenge, origin, fault);
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), key.privateKey);
      return JSON.stringify({
        id: fault.id ?? key.id,
        rawId: fault.id ?? key.id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: (fault.signature ?? signature).toString('base64url'),
          userHandle: fault.userHandle ?? key.userHandle,
        },
      });
    },
  };
}

function clientData(type: string, challenge: string, origin: string, fault: Fault): Buffer {
  return Buffer.from(
    JSON.stringify({
      type: fault.type ?? type,
      challenge: fault.challenge ?? challenge,
      origin: fault.origin ?? origin,
      crossOrigin: false,
    }),
  );
}

function authenticatorData(key: Key, isSynced: boolean, fault: Fault, credential?: Buffer): Buffer {
  const flags =
    ((fault.isUserPresent ?? true) ? 0x01 : 0) |
    ((fault.isUserVerified ?? true) ? 0x04 : 0) |
    (isSynced ? 0x18 : 0) |
    (credential ? 0x40 : 0);
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(fault.counter ?? key.count);
  return Buffer.concat([sha256(fault.rpId ?? key.rpId), Buffer.of(flags), counter, credential ?? Buffer.alloc(0)]);
}

function coseOf(publicKey: KeyObject): Uint8Array {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return encodeCBOR(
    new Map<number, CBORType>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
      [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
    ]),
  );
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function sha256(content: string | Buffer): Buffer {
  return createHash('sha256').update(content).digest();
}
