import { UserFeed_SnapshotReason as Reason } from '@roster/proto/gen/userservice/v1/user';
import type { TokenSealer } from './sealed-token.ts';

const purpose = 'resume/1';

/** What a resume token holds: a position, the history it belongs to, and a hash of filter, order and rights. */
export interface ResumePosition {
  readonly epoch: string;
  readonly seq: number;
  readonly query: string;
}

export function sealResumeToken(sealer: TokenSealer, position: ResumePosition): string {
  return sealer.seal(purpose, [position.epoch, position.seq, position.query]);
}

export type Resume =
  | { readonly ok: true; readonly seq: number; readonly epoch: string }
  | { readonly ok: false; readonly reason: Reason };

/** Judges a resume token; what is unusable says why a snapshot must follow, and is never an error. */
export function openResumeToken(
  sealer: TokenSealer,
  token: string,
  now: ResumePosition & { readonly floor: number; readonly maxBehind: number },
): Resume {
  if (token === '') return { ok: false, reason: Reason.FIRST };
  const payload = sealer.open(purpose, token);
  if (!Array.isArray(payload)) return { ok: false, reason: Reason.TOKEN_INVALID };
  const [epoch, seq, query] = payload;
  if (epoch !== now.epoch) return { ok: false, reason: Reason.OTHER_EPOCH };
  if (query !== now.query) return { ok: false, reason: Reason.OTHER_QUERY };
  if (seq > now.seq) return { ok: false, reason: Reason.FUTURE };
  if (seq < now.floor || now.seq - seq > now.maxBehind) return { ok: false, reason: Reason.COMPACTED };
  return { ok: true, seq, epoch };
}
