import { sealResumeToken } from '@roster/server/watch/resume-token';
import { createTokenSealer } from '@roster/server/watch/sealed-token';
import { readPosition } from '../token-position.ts';
import type { FaultParts } from './fault.ts';

/** Alters a token, or makes one that is well signed and still of no use. */
export async function spoilToken({ truth, subscribers, random }: FaultParts): Promise<void> {
  const subscriber = subscribers[random.below(subscribers.length)];
  const sealer = createTokenSealer(await truth.tokenKey());
  const remake = (good: string, change: { epoch?: string; ahead?: number; query?: string }) => {
    const payload: unknown = JSON.parse(Buffer.from(good, 'base64url').subarray(16).toString());
    const query = Array.isArray(payload) ? String(payload[2]) : '';
    const { epoch, seq } = readPosition(good);
    return sealResumeToken(sealer, { epoch, query, ...change, seq: seq + (change.ahead ?? 0) });
  };
  switch (random.below(4)) {
    case 0:
      subscriber?.spoil((good) => `${good.slice(0, 5)}${good[5] === 'A' ? 'B' : 'A'}${good.slice(6)}`, 'altered');
      return;
    case 1:
      subscriber?.spoil((good) => remake(good, { query: 'another' }), 'other-query');
      return;
    case 2:
      subscriber?.spoil((good) => remake(good, { epoch: 'elsewhere' }), 'other-epoch');
      return;
    default:
      subscriber?.spoil((good) => remake(good, { ahead: 10_000_000 }), 'future');
  }
}
