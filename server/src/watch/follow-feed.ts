import { UserFeed_GoAwayReason as GoAwayReason } from '@roster/proto/gen/userservice/v1/user';
import type { Encoded } from '../rpc/context.ts';
import { createBell } from './bell.ts';
import { encodeFeed } from './encode-feed.ts';
import type { FeedEntry } from './feed-change.ts';
import type { ResumePosition } from './resume-token.ts';
import type { Scope } from './scope.ts';
import type { GroupStream, ScopeGroup } from './scope-group.ts';

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
  head(): number;
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

/** While batches keep coming, so often do checkpoints at most: as a message each would cost as much as the batch. */
const checkpointPauseMs = 2000;

/**
 * Sends what changes after a position. The stream is no more than a cursor: while its reader is slow nothing is kept for it, and when it comes back it gets
 * the whole range in one fold.
 */
export async function* followFeed(follow: Follow, group: ScopeGroup, parts: FollowParts): AsyncGenerator<Encoded> {
  const { signal } = follow;
  // Streams that opened together must not all come back together.
  let now = performance.now();
  const endsAt = now + parts.maxAgeMs * (0.9 + 0.2 * Math.random());
  const bell = createBell(signal);
  let cursor = follow.from;
  let sentAt = now;
  const stream: GroupStream = { ring: bell.ring, wakeAt: sentAt + parts.heartbeatMs };
  let sentTotal = '';
  /** Changes have been sent since the last checkpoint. */
  let owesCheckpoint = false;
  /** The last checkpoint said that more is to come: when it has, another one says so. */
  let isToldBehind = false;

  const checkpoint = (): Encoded => {
    now = performance.now();
    sentAt = now;
    sentTotal = totalText(group);
    owesCheckpoint = false;
    // What waits for the next flush is no backlog of this stream.
    const behind = Math.max(0, parts.flushedTo() - cursor);
    isToldBehind = behind > 0;
    const place = { cursor, query: `${follow.epoch} ${follow.query}`, behind };
    return group.checkpoint(place, () => {
      const { total } = group.live;
      const resumeToken = parts.sealPosition({ epoch: follow.epoch, seq: cursor, query: follow.query });
      return encodeFeed({
        oneofKind: 'checkpoint',
        checkpoint: { resumeToken, behind: place.behind, ...(total && { total }) },
      });
    });
  };

  group.streams.add(stream);
  parts.onStream(1);
  group.idleSince = undefined;
  try {
    while (!signal.aborted) {
      const reason = goAwayReason();
      if (reason !== undefined) {
        yield goAway(reason);
        return;
      }
      const to = parts.flushedTo();
      const isBehind = cursor < to;
      // Also on a long way there are bookmarks.
      if (isBehind && !(owesCheckpoint && now >= dueAt())) {
        let step = group.stepTo(cursor, to, parts.entryAt);
        if (!step && parts.head() - cursor > parts.maxBehind) {
          yield goAway(GoAwayReason.RELIST);
          return;
        }
        if (!step) {
          const entries = await parts.readRange(cursor, to, signal);
          // What comes next is no longer kept: going on from the first that is would skip it in silence.
          if (entries[0]?.seq !== cursor + 1) {
            yield goAway(GoAwayReason.RELIST);
            return;
          }
          step = group.stepOver(cursor, entries);
        }
        cursor = step.to;
        if (step.message) {
          yield step.message;
          owesCheckpoint = true;
          now = performance.now();
        }
      } else if (now >= dueAt() || totalText(group) !== sentTotal || isToldBehind) {
        yield checkpoint();
      } else {
        stream.wakeAt = Math.min(dueAt(), endsAt);
        await bell.rung();
        now = performance.now();
      }
    }
  } finally {
    group.streams.delete(stream);
    parts.onStream(-1);
    if (group.streams.size === 0) group.idleSince = Date.now();
  }

  function goAwayReason(): GoAwayReason | undefined {
    if (parts.isDraining()) return GoAwayReason.RESTART;
    if (group.isClosed || !parts.isPresent()) return GoAwayReason.RELIST;
    return now > endsAt ? GoAwayReason.AGE : undefined;
  }

  function dueAt(): number {
    return sentAt + Math.min(owesCheckpoint ? checkpointPauseMs : parts.heartbeatMs, parts.heartbeatMs);
  }
}

function totalText(group: ScopeGroup): string {
  return String(group.live.total?.size ?? '');
}

function goAway(reason: GoAwayReason): Encoded {
  const retryAfter = { seconds: '0', nanos: reason === GoAwayReason.RESTART ? 500_000_000 : 0 };
  return encodeFeed({ oneofKind: 'goAway', goAway: { reason, retryAfter } });
}
