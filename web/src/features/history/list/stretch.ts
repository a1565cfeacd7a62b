import type { UserChange } from '@roster/proto/gen/roster/history/v1/history_service';
import type { ChangePage } from '../api/change-filter.ts';

/** What is held of a list of changes: the newest first, without a gap, down to where the token goes on. */
export type Stretch = ChangePage;

/**
 * What of a stretch a newer page still has, and what the page has below it. Who was erased while nobody listened is named to nobody, so that whatever the page does
 * not have may be about them. Undefined where nothing is left.
 */
export function keepKnown(held: Stretch, { changes, nextPageToken }: ChangePage): Stretch | undefined {
  const known = new Set(held.changes.map(({ revision }) => revision));
  const oldest = held.changes.at(-1)?.revision ?? 0;
  const kept = changes.filter(({ revision }) => known.has(revision) || revision < oldest);
  return kept.some(({ revision }) => known.has(revision)) ? { changes: kept, nextPageToken } : undefined;
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
