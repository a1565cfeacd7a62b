import type { Position } from './recording.ts';

/** Bytes of the signature before the payload. */
const macBytes = 16;

/** Reads the position out of a resume token, which is none of a client's business but of a witness's. */
export function readPosition(token: string): Position {
  const payload: unknown = JSON.parse(Buffer.from(token, 'base64url').subarray(macBytes).toString());
  if (!Array.isArray(payload)) throw new Error('the token holds no list');
  const [epoch, seq]: readonly unknown[] = payload;
  if (typeof epoch !== 'string' || typeof seq !== 'number') throw new Error('the token holds no position');
  return { epoch: intern(epoch), seq };
}

const texts = new Map<string, string>();

/** A long run has millions of positions and a handful of epochs. */
function intern(text: string): string {
  const known = texts.get(text);
  if (known === undefined) texts.set(text, text);
  return known ?? text;
}
