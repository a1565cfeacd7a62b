import { type UserFeed_Removal, UserFeed_RemovalReason } from '@roster/proto/gen/userservice/v1/user';
import { type FeedChange, type FeedEntry, isChange, isPurge, type Purge } from './feed-change.ts';

/** What a range of changes means to those who watch one scope. */
export interface Folded {
  readonly upserts: readonly FeedChange[];
  readonly removals: readonly UserFeed_Removal[];
  /** The last position that was folded; below the end of the range where the message would grow too large. */
  readonly to: number;
}

export interface Judgement {
  readonly before: boolean;
  readonly after: boolean;
}

/**
 * Folds a contiguous range by user: the last `after` matches → upsert; else any `before` in the range matched → removal; else nothing.
 *
 * Whoever was erased is a removal by the id alone, for those who see deleted users: nothing is left to judge by.
 *
 * The "any" matters: a snapshot may already show a change that has no place in the feed yet. Its reader then holds a row that, by the first `before` of the
 * range, it could not see, and the range must still take it away.
 */
export function foldChanges(
  entries: readonly FeedEntry[],
  judge: (change: FeedChange) => Judgement,
  limits: { readonly ids: number; readonly bytes: number },
  showsDeleted = false,
): Folded {
  const byUser = new Map<string, { last: FeedChange | Purge; matches: boolean; wasVisible: boolean }>();
  let bytes = 0;
  let to = (entries[0]?.seq ?? 1) - 1;
  for (const change of entries) {
    if (!isChange(change) && !isPurge(change)) {
      to = change.seq;
      continue;
    }
    const { before, after } = isPurge(change) ? { before: showsDeleted, after: false } : judge(change);
    const userId = userIdOf(change);
    const known = byUser.get(userId);
    const isSeen = known !== undefined || before || after;
    if (isSeen && !known && byUser.size >= limits.ids) break;
    if (after && isChange(change)) bytes += change.afterBytes.length;
    if (bytes > limits.bytes && byUser.size > 0) break;
    to = change.seq;
    if (isSeen) {
      // Set anew, so that users come in the order of their last change.
      byUser.delete(userId);
      byUser.set(userId, { last: change, matches: after, wasVisible: before || (known?.wasVisible ?? false) });
    }
  }
  const upserts: FeedChange[] = [];
  const removals: UserFeed_Removal[] = [];
  for (const { last, matches, wasVisible } of byUser.values()) {
    if (matches && isChange(last)) upserts.push(last);
    else if (wasVisible) removals.push(removalOf(last));
  }
  return { upserts, removals, to };
}

function userIdOf(change: FeedChange | Purge): string {
  return isPurge(change) ? change.purgedId : change.userId;
}

function removalOf(change: FeedChange | Purge): UserFeed_Removal {
  const isDeleted = isPurge(change) || change.after.deletedAt !== undefined;
  const reason = isDeleted ? UserFeed_RemovalReason.DELETED : UserFeed_RemovalReason.LEFT_FILTER;
  return { id: userIdOf(change), revision: change.revision, reason };
}
