import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A new secret of 256 random bits, base64url: 43 characters. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored in place of a secret. Secrets are random, so a plain hash is enough: there is nothing to guess. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** A value that only whoever has the secret can know, one for each purpose; 43 characters too. */
export function deriveSecret(secret: string, purpose: string): string {
  return createHmac('sha256', secret).update(purpose).digest('base64url');
}

const secretShape = /^[A-Za-z0-9_-]{43}$/;

/** Whether a text can be a secret of ours at all. */
export function isSecret(text: string): boolean {
  return secretShape.test(text) && Buffer.from(text, 'base64url').toString('base64url') === text;
}

/** An API token in its parts: `ua_<id>_<secret><checksum>`. Prefix and checksum let scanners of leaked secrets find it. */
export interface ApiTokenParts {
  readonly id: string;
  readonly secret: string;
}

const idLength = 12;
const secretLength = 43;
const checksumLength = 6;
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const tokenShape = new RegExp(
  `^ua_([0-9A-Za-z]{${idLength}})_([0-9A-Za-z]{${secretLength}})([0-9A-Za-z]{${checksumLength}})$`,
);

const idShape = new RegExp(`^[0-9A-Za-z]{${idLength}}$`);

/** Whether a text can be the id of an API token. */
export function isTokenId(text: string): boolean {
  return idShape.test(text);
}

/** A new API token: its id is random and no secret, its secret has 256 random bits. */
export function newApiToken(): ApiTokenParts {
  return { id: randomText(idLength), secret: randomText(secretLength) };
}

export function formatApiToken({ id, secret }: ApiTokenParts): string {
  const body = `ua_${id}_${secret}`;
  return `${body}${checksumOf(body)}`;
}

/** Undefined for anything that is no API token, a mistyped or cut one included. */
export function parseApiToken(text: string): ApiTokenParts | undefined {
  const [, id, secret, checksum] = tokenShape.exec(text) ?? [];
  if (id === undefined || secret === undefined || checksum === undefined) return undefined;
  const expected = Buffer.from(checksumOf(`ua_${id}_${secret}`));
  return timingSafeEqual(expected, Buffer.from(checksum)) ? { id, secret } : undefined;
}

function checksumOf(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let place = 0; place < checksumLength; place += 1) {
    text = `${alphabet[rest % alphabet.length]}${text}`;
    rest = Math.floor(rest / alphabet.length);
  }
  return text;
}

/** Random characters of the alphabet, each as likely as any other: bytes beyond its last whole multiple are thrown away. */
function randomText(length: number): string {
  const fair = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < fair && text.length < length) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}
