import type { ChangeEvent, Recording, UserFacts } from './recording.ts';

/** The store's own account of what happened, by which everything else is judged. */
export interface History {
  /** Placed changes, in the order of the feed. */
  readonly feed: readonly PlacedChange[];
  /** Changes that were committed and never got a place. */
  readonly unplaced: readonly ChangeEvent[];
  change(revision: number): ChangeEvent | undefined;
  /** The changes of a user, in the order of the feed. */
  of(userId: string): readonly PlacedChange[];
  /** The newest change of a user at or before a place; undefined before its creation. */
  lastOf(userId: string, seq: number): PlacedChange | undefined;
  /** The changes after one place, up to and with another. */
  between(from: number, to: number): readonly PlacedChange[];
  readonly userIds: readonly string[];
}

export type PlacedChange = ChangeEvent & { readonly seq: number };

export function createHistory(recording: Recording): History {
  const changes = recording.filter((event) => event.kind === 'change');
  const feed = changes.filter((change): change is PlacedChange => change.seq !== undefined);
  feed.sort((a, b) => a.seq - b.seq);
  const byRevision = new Map(changes.map((change) => [change.revision, change]));
  const byUser = new Map<string, PlacedChange[]>();
  for (const change of feed) {
    const list = byUser.get(change.userId);
    if (list) list.push(change);
    else byUser.set(change.userId, [change]);
  }
  const of = (userId: string): readonly PlacedChange[] => byUser.get(userId) ?? [];
  return {
    feed,
    unplaced: changes.filter(({ seq }) => seq === undefined),
    change: (revision) => byRevision.get(revision),
    of,
    lastOf: (userId, seq) => {
      const list = of(userId);
      return list[countUpTo(list, seq) - 1];
    },
    between: (from, to) => feed.slice(countUpTo(feed, from), countUpTo(feed, to)),
    userIds: [...byUser.keys()],
  };
}

/** How many changes of a list in the order of the feed lie at or before a place. */
function countUpTo(changes: readonly PlacedChange[], seq: number): number {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changes[middle]?.seq ?? 0) <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether a list showed a user before a change, where its place is the user's newest. */
export function showedBefore(change: ChangeEvent, matches: (user: UserFacts) => boolean): boolean {
  return change.before !== undefined && matches(change.before);
}
