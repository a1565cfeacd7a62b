import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';

const macBytes = 16;

/** Makes and opens the opaque tokens that clients carry. The purpose is part of the signature: a page token is no resume token. */
export interface TokenSealer {
  seal(purpose: string, payload: unknown): string;
  /** The payload of a token that this store made for this purpose; undefined for anything else. */
  open(purpose: string, token: string): unknown;
}

/** The key lives in the store; it proves that a token is unaltered, and is no credential. */
export function createTokenSealer(key: Uint8Array): TokenSealer {
  // Made once: of plain bytes each signature would make one anew.
  const secret = createSecretKey(key);
  const sign = (purpose: string, body: Buffer) =>
    createHmac('sha256', secret).update(purpose).update('\0').update(body).digest().subarray(0, macBytes);
  return {
    seal(purpose, payload) {
      const body = Buffer.from(JSON.stringify(payload));
      return Buffer.concat([sign(purpose, body), body]).toString('base64url');
    },
    open(purpose, token) {
      if (!/^[\w-]+$/.test(token)) return undefined;
      const bytes = Buffer.from(token, 'base64url');
      // The last character may carry bits that no byte takes in.
      if (bytes.toString('base64url') !== token) return undefined;
      const body = bytes.subarray(macBytes);
      if (bytes.length <= macBytes || !timingSafeEqual(bytes.subarray(0, macBytes), sign(purpose, body)))
        return undefined;
      return JSON.parse(body.toString());
    },
  };
}
