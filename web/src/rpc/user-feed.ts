import {
  UserFeed_GoAwayReason as GoAwayReason,
  type UserFeed_Removal as Removal,
  type User,
  type UserFeed,
  type UserFeed_Total,
  type UserRole,
  type UserState,
} from '@roster/proto/gen/userservice/v1/user';
import { timing } from '@roster/proto/timing';
import { rpcFailure } from './rpc-failure.ts';
import { durationMs } from './status-details.ts';

/** How many users match the filter. */
export interface FeedTotal {
  readonly size: number;
  readonly isMinimum: boolean;
  /** How they spread over roles and states, without those that are zero; absent while they are being counted. */
  readonly facets?: readonly FeedFacet[];
}

export interface FeedFacet {
  readonly role: UserRole;
  readonly state: UserState;
  readonly size: number;
}

/** One event of a list that is read in envelopes or followed live. The contract says what each means. */
export type FeedEvent =
  | { readonly kind: 'begin'; readonly total: FeedTotal | undefined; readonly heartbeatMs: number }
  | { readonly kind: 'changes'; readonly upserts: readonly User[]; readonly removals: readonly Removal[] }
  | { readonly kind: 'end'; readonly nextPageToken: string; readonly resumeToken: string }
  | {
      readonly kind: 'checkpoint';
      readonly resumeToken: string;
      readonly total: FeedTotal | undefined;
      readonly behind: number;
    }
  | { readonly kind: 'go-away'; readonly mustRelist: boolean; readonly retryAfterMs: number }
  | { readonly kind: 'resumed'; readonly total: FeedTotal | undefined; readonly heartbeatMs: number }
  /** Of a newer server; still a sign of life. */
  | { readonly kind: 'unknown' };

/** Reads the events out of the pseudo-users that carry them. Nothing else in the console sees those. */
export async function* readUserFeed(responses: AsyncIterable<User>): AsyncGenerator<FeedEvent, void, undefined> {
  for await (const { feed } of responses) {
    if (!feed) throw rpcFailure('INTERNAL', 'The server sent a bare user where an envelope was asked for.');
    yield toFeedEvent(feed);
  }
}

/** What one envelope says. */
export function toFeedEvent({ event }: UserFeed): FeedEvent {
  switch (event.oneofKind) {
    case 'begin': {
      const { total, heartbeatInterval } = event.begin;
      return { kind: 'begin', total: totalOf(total), heartbeatMs: durationMs(heartbeatInterval) || timing.heartbeatMs };
    }
    case 'changes':
      return { kind: 'changes', upserts: event.changes.upserts, removals: event.changes.removals };
    case 'end':
      return { kind: 'end', nextPageToken: event.end.nextPageToken, resumeToken: event.end.resumeToken };
    case 'checkpoint': {
      const { resumeToken, total, behind } = event.checkpoint;
      return { kind: 'checkpoint', resumeToken, total: totalOf(total), behind };
    }
    case 'goAway': {
      const { reason, retryAfter } = event.goAway;
      return { kind: 'go-away', mustRelist: reason === GoAwayReason.RELIST, retryAfterMs: durationMs(retryAfter) ?? 0 };
    }
    case 'resumed': {
      const { total, heartbeatInterval } = event.resumed;
      return {
        kind: 'resumed',
        total: totalOf(total),
        heartbeatMs: durationMs(heartbeatInterval) || timing.heartbeatMs,
      };
    }
    default:
      return { kind: 'unknown' };
  }
}

function totalOf(total: UserFeed_Total | undefined): FeedTotal | undefined {
  if (!total) return undefined;
  const { size, isMinimum, facets } = total;
  return { size, isMinimum, ...(facets.length > 0 && { facets }) };
}
