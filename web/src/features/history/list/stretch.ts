import type { UserChange } from '@roster/proto/gen/roster/history/v1/history_service';
import type { ChangePage } from '../api/change-filter.ts';

/** What is held of a list of changes: the newest first, without a gap, down to where the token goes on. */
export type Stretch = ChangePage;

/**
 * Lets the newest page in. What is held below it stays where the two meet; otherwise something between them is not known, and only the page is left.
 *
 * Of its own range the page tells all: what is not in it any more is gone.
 */
export function adoptPage(held: Stretch | undefined, page: ChangePage): Stretch {
  const oldest = page.changes.at(-1)?.revision;
  if (!held || oldest === undefined || page.nextPageToken === '') return page;
  const meet = held.changes.some(({ revision }) => revision >= oldest);
  const older = held.changes.filter(({ revision }) => revision < oldest);
  if (!meet || older.length === 0) return page;
  return { changes: [...page.changes, ...older], nextPageToken: held.nextPageToken };
}

/** Adds changes that have just joined the feed, each at its place and once. What lies below the stretch comes with a later page. */
export function addChanges(held: Stretch, added: readonly UserChange[]): Stretch {
  const known = new Set(held.changes.map(({ revision }) => revision));
  const oldest = held.nextPageToken === '' ? 0 : (held.changes.at(-1)?.revision ?? 0);
  const fresh = added.filter(({ revision }) => !known.has(revision) && revision > oldest);
  if (fresh.length === 0) return held;
  return { ...held, changes: [...fresh, ...held.changes].sort((a, b) => b.revision - a.revision) };
}

/** Adds the page that follows. */
export function appendPage(held: Stretch, page: ChangePage): Stretch {
  const oldest = held.changes.at(-1)?.revision ?? Number.POSITIVE_INFINITY;
  const older = page.changes.filter(({ revision }) => revision < oldest);
  return { changes: [...held.changes, ...older], nextPageToken: page.nextPageToken };
}

/** Lets go of everything about people who were erased. */
export function eraseUsers(held: Stretch, userIds: readonly string[]): Stretch {
  const changes = held.changes.filter(({ userId }) => !userIds.includes(userId));
  return changes.length === held.changes.length ? held : { ...held, changes };
}

/** How many changes of `current` stand above or inside what is shown, but are not. */
export function countArrivals(shown: Stretch, current: Stretch): number {
  const known = new Set(shown.changes.map(({ revision }) => revision));
  const oldest = shown.changes.at(-1)?.revision ?? 0;
  return current.changes.filter(({ revision }) => revision > oldest && !known.has(revision)).length;
}
