import { User } from '@roster/proto/gen/userservice/v1/user';

/** One committed change at its place in the feed. */
export interface FeedChange {
  readonly seq: number;
  readonly revision: number;
  readonly userId: string;
  /** Undefined for a creation. */
  readonly before: User | undefined;
  readonly after: User;
  /** `after` as it travels: encoded once, for all streams. */
  readonly afterBytes: Uint8Array;
}

export interface FeedRow {
  readonly seq: number;
  readonly revision: number;
  readonly user_id: string;
  readonly before: Buffer | null;
  readonly after: Buffer;
}

export function changeFromRow(row: FeedRow): FeedChange {
  return {
    seq: row.seq,
    revision: row.revision,
    userId: row.user_id,
    before: row.before ? User.fromBinary(row.before) : undefined,
    after: User.fromBinary(row.after),
    afterBytes: row.after,
  };
}
