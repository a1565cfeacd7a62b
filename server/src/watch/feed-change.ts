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

/** The end of sessions or of a token, at its place in the feed: nothing behind it may reach their streams. */
export interface Revocation {
  readonly seq: number;
  readonly revoked: {
    /** All sessions of this user end, but for the spared one. Their tokens go on. */
    readonly userId: string | undefined;
    readonly sparedSessionId: string | undefined;
    readonly sessionId: string | undefined;
    readonly tokenId: string | undefined;
  };
}

/** Somebody was erased for good. Nothing is left of them but the id, so every list that shows deleted users is told. */
export interface Purge {
  readonly seq: number;
  readonly revision: number;
  readonly purgedId: string;
  /** What stands up to here may be about the person: it is to be let go. */
  readonly erasedTo: number;
}

/** What stands at one place in the feed. */
export type FeedEntry = FeedChange | Revocation | Purge;

export function isChange(entry: FeedEntry): entry is FeedChange {
  return 'afterBytes' in entry;
}

export function isPurge(entry: FeedEntry): entry is Purge {
  return 'purgedId' in entry;
}

export interface FeedRow {
  readonly seq: number;
  readonly revision: number;
  readonly user_id: string;
  readonly before: Buffer | null;
  readonly after: Buffer;
}

/** Of an entry that is no change. */
export interface OtherRow {
  readonly seq: number;
  readonly revision: number;
  readonly after: null;
  readonly purged_id: string | null;
  readonly erased_to: number | null;
  readonly revoked_user_id: string | null;
  readonly session_id: string | null;
  readonly token_id: string | null;
  readonly spared_session_id: string | null;
}

export function entryFromRow(row: FeedRow | OtherRow): FeedEntry {
  if (row.after !== null) return changeFromRow(row);
  const { seq, revision, purged_id: purgedId } = row;
  return purgedId === null ? revocationFromRow(row) : { seq, revision, purgedId, erasedTo: row.erased_to ?? 0 };
}

function revocationFromRow(row: OtherRow): Revocation {
  return {
    seq: row.seq,
    revoked: {
      userId: row.revoked_user_id ?? undefined,
      sparedSessionId: row.spared_session_id ?? undefined,
      sessionId: row.session_id ?? undefined,
      tokenId: row.token_id ?? undefined,
    },
  };
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
