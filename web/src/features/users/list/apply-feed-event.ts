import type { User } from '@roster/proto/gen/userservice/v1/user';

/** What a client has been told about a user: it is held at this revision, or was removed by it. */
export interface Known {
  readonly revision: number;
  readonly isRemoved: boolean;
}

/**
 * Tells whether an upsert of the feed, or a row of a page, is news: its revision is higher than what is known (DESIGN 3, rule 8).
 *
 * A removed user keeps its revision, so a page that was read before the removal cannot bring it back.
 */
export function isNewUpsert(known: Known | undefined, revision: number): boolean {
  return known === undefined || revision > known.revision;
}

/** Tells whether a removal is news. At an equal revision it is: the very change that the row shows has put it out of the filter. */
export function isNewRemoval(known: Known | undefined, revision: number): boolean {
  return known === undefined || revision > known.revision || (revision === known.revision && !known.isRemoved);
}

/** Decides what of the feed and of pages is news. A list is handed one, so that wrong ones can be shown to fail. */
export interface FeedRule {
  isNewUpsert(known: Known | undefined, revision: number): boolean;
  isNewRemoval(known: Known | undefined, revision: number): boolean;
}

export const feedRule: FeedRule = { isNewUpsert, isNewRemoval };

/**
 * Says what is drawn of a held row: the answer to one's own call as long as the feed has not caught up with it.
 *
 * Answers never become rows of the feed. Let in by the rule above they diverge: a feed that is behind would bring no removal for what it never sent.
 */
export function drawnUser(held: User, overlay: User | undefined): User {
  return overlay && overlay.revision > held.revision ? overlay : held;
}
