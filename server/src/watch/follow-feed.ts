import { UserFeed_GoAwayReason as GoAwayReason } from '@roster/proto/gen/userservice/v1/user';
import type { Encoded } from '../rpc/context.ts';
import type { LivePart, Outlet } from '../rpc/live-part.ts';
import { encodeFeed } from './encode-feed.ts';
import type { FeedEntry } from './feed-change.ts';
import type { ResumePosition } from './resume-token.ts';
import type { Scope } from './scope.ts';
import type { GroupStream, ScopeGroup, Step } from './scope-group.ts';

/** One live list. */
export interface Follow {
  readonly scope: Scope;
  /** Names filter, order and rights; its resume tokens are good for this query only. */
  readonly query: string;
  /** The position that the reader has, and the history of the store that it belongs to. */
  readonly from: number;
  readonly epoch: string;
  readonly signal: AbortSignal;
}

/** What a stream needs to know of the hub. */
export interface FollowParts {
  isDraining(): boolean;
  /** Up to where streams may read now. */
  flushedTo(): number;
  entryAt(seq: number): FeedEntry | undefined;
  readRange(from: number, to: number, signal: AbortSignal): Promise<readonly FeedEntry[]>;
  /** Told of a stream that opens (1) or closes (-1). */
  onStream(by: 1 | -1): void;
  sealPosition(position: ResumePosition): string;
  /** Whether the stream's history is still the store's. */
  isPresent(): boolean;
  readonly heartbeatMs: number;
  readonly maxAgeMs: number;
  readonly maxBehind: number;
}

const unknownTotal = -1;

/** While batches keep coming, so often do checkpoints at most: as a message each would cost as much as the batch. */
const checkpointPauseMs = 2000;

/** Sends what changes after a position. */
export function followFeed(follow: Follow, group: ScopeGroup, parts: FollowParts): LivePart {
  return new FeedStream(follow, group, parts);
}

/**
 * No more than a cursor: while its reader is slow nothing is kept for it, and when it comes back it gets the whole range in one fold. A class, for there is one
 * for each stream that is open.
 */
class FeedStream implements LivePart, GroupStream {
  wakeAt: number;
  readonly #follow: Follow;
  readonly #group: ScopeGroup;
  readonly #parts: FollowParts;
  readonly #endsAt: number;
  #outlet: Outlet | undefined;
  #hasRoom = true;
  #isReading = false;
  #cursor: number;
  #now = performance.now();
  #sentAt = this.#now;
  #sentTotal = unknownTotal;
  /** Changes have been sent since the last checkpoint. */
  #owesCheckpoint = false;
  /** The last checkpoint said that more is to come: when it has, another one says so. */
  #isToldBehind = false;

  constructor(follow: Follow, group: ScopeGroup, parts: FollowParts) {
    this.#follow = follow;
    this.#group = group;
    this.#parts = parts;
    this.#cursor = follow.from;
    this.wakeAt = this.#now + parts.heartbeatMs;
    // Streams that opened together must not all come back together.
    this.#endsAt = this.#now + parts.maxAgeMs * (0.9 + 0.2 * Math.random());
  }

  get isOpen(): boolean {
    return this.#outlet !== undefined;
  }

  start(outlet: Outlet): void {
    this.#outlet = outlet;
    this.#group.streams.add(this);
    this.#group.idleSince = undefined;
    this.#parts.onStream(1);
    this.ring();
  }

  stop(): void {
    this.#outlet = undefined;
    this.#group.streams.delete(this);
    this.#parts.onStream(-1);
    if (this.#group.streams.size === 0) this.#group.idleSince = Date.now();
  }

  onRoom(): void {
    this.#hasRoom = true;
    this.ring();
  }

  /** Sends what is due, as far as there is room. */
  ring(): void {
    const outlet = this.#outlet;
    if (!outlet || this.#isReading) return;
    this.#now = performance.now();
    try {
      while (this.#hasRoom && this.#advance(outlet));
    } catch (error) {
      outlet.end(error);
    }
  }

  /** Takes the next step; false where nothing is due, or must be waited for. */
  #advance(outlet: Outlet): boolean {
    const reason = this.#goAwayReason();
    if (reason !== undefined) return this.#goAway(outlet, reason);
    const to = this.#parts.flushedTo();
    const isCheckpointDue = this.#now >= this.#dueAt();
    // Also on a long way there are bookmarks.
    if (this.#cursor < to && !(this.#owesCheckpoint && isCheckpointDue)) {
      const step = this.#group.stepTo(this.#cursor, to, this.#parts.entryAt);
      if (step) return this.#take(outlet, step);
      if (to - this.#cursor > this.#parts.maxBehind) return this.#goAway(outlet, GoAwayReason.RELIST);
      void this.#readOn(outlet, to);
      return false;
    }
    if (isCheckpointDue || totalOf(this.#group) !== this.#sentTotal || this.#isToldBehind) {
      this.#hasRoom = outlet.write(this.#checkpoint());
      return true;
    }
    this.wakeAt = Math.min(this.#dueAt(), this.#endsAt);
    return false;
  }

  #take(outlet: Outlet, { to, message }: Step): true {
    this.#cursor = to;
    if (message) {
      this.#owesCheckpoint = true;
      this.#hasRoom = outlet.write(message);
    }
    return true;
  }

  /** Takes the step over what the group does not remember, and those after it. */
  async #readOn(outlet: Outlet, to: number): Promise<void> {
    const from = this.#cursor;
    this.#isReading = true;
    try {
      const entries = await this.#parts.readRange(from, to, this.#follow.signal);
      if (!this.#outlet) return;
      if (this.#goAwayReason() === undefined) {
        // What comes next is no longer kept: going on from the first that is would skip it in silence.
        if (entries[0]?.seq === from + 1) this.#take(outlet, this.#group.stepOver(from, entries));
        else this.#goAway(outlet, GoAwayReason.RELIST);
      }
      this.#isReading = false;
      this.ring();
    } catch (error) {
      outlet.end(error);
    }
  }

  #checkpoint(): Encoded {
    const { epoch, query } = this.#follow;
    const seq = this.#cursor;
    this.#sentAt = this.#now;
    this.#sentTotal = totalOf(this.#group);
    this.#owesCheckpoint = false;
    const behind = Math.max(0, this.#parts.flushedTo() - seq);
    this.#isToldBehind = behind > 0;
    return this.#group.checkpoint({ cursor: seq, query: `${epoch} ${query}`, behind }, () => {
      const { total } = this.#group.live;
      const resumeToken = this.#parts.sealPosition({ epoch, seq, query });
      return encodeFeed({ oneofKind: 'checkpoint', checkpoint: { resumeToken, behind, ...(total && { total }) } });
    });
  }

  #goAwayReason(): GoAwayReason | undefined {
    if (this.#parts.isDraining()) return GoAwayReason.RESTART;
    if (this.#group.isClosed || !this.#parts.isPresent()) return GoAwayReason.RELIST;
    return this.#now > this.#endsAt ? GoAwayReason.AGE : undefined;
  }

  #goAway(outlet: Outlet, reason: GoAwayReason): false {
    outlet.write(goAway(reason));
    outlet.end();
    return false;
  }

  #dueAt(): number {
    const { heartbeatMs } = this.#parts;
    return this.#sentAt + (this.#owesCheckpoint ? Math.min(checkpointPauseMs, heartbeatMs) : heartbeatMs);
  }
}

function totalOf(group: ScopeGroup): number {
  return group.live.total?.size ?? unknownTotal;
}

function goAway(reason: GoAwayReason): Encoded {
  const retryAfter = { seconds: '0', nanos: reason === GoAwayReason.RESTART ? 500_000_000 : 0 };
  return encodeFeed({ oneofKind: 'goAway', goAway: { reason, retryAfter } });
}
