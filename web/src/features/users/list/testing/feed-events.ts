import type { User, UserFeed } from '@roster/proto/gen/userservice/v1/user';
import {
  UserFeed_GoAwayReason as GoAwayReason,
  UserFeed_RemovalReason as RemovalReason,
  UserFeed_SnapshotReason as SnapshotReason,
} from '@roster/proto/gen/userservice/v1/user';

type Event = UserFeed['event'];

const seconds = (count: number) => ({ seconds: String(count), nanos: 0 });
const totalOf = (size: number) => ({ size, isMinimum: false, facets: [] });

export function begin(size: number): Event {
  const reason = SnapshotReason.FIRST;
  return { oneofKind: 'begin', begin: { total: totalOf(size), heartbeatInterval: seconds(10), reason } };
}

export function upserts(...users: readonly User[]): Event {
  return { oneofKind: 'changes', changes: { upserts: [...users], removals: [] } };
}

export function removal(id: string, revision: number): Event {
  const removals = [{ id, revision, reason: RemovalReason.DELETED }];
  return { oneofKind: 'changes', changes: { upserts: [], removals } };
}

export function end(resumeToken: string, nextPageToken = ''): Event {
  return { oneofKind: 'end', end: { resumeToken, nextPageToken } };
}

export function resumed(size: number): Event {
  return { oneofKind: 'resumed', resumed: { total: totalOf(size), heartbeatInterval: seconds(10) } };
}

export function checkpoint(resumeToken: string, size: number, behind = 0): Event {
  return { oneofKind: 'checkpoint', checkpoint: { resumeToken, total: totalOf(size), behind } };
}

export function goAway(reason: keyof typeof GoAwayReason, retryAfterSeconds = 0): Event {
  return { oneofKind: 'goAway', goAway: { reason: GoAwayReason[reason], retryAfter: seconds(retryAfterSeconds) } };
}
