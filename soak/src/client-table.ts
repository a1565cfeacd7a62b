import type { User, UserFeed_Changes } from '@roster/proto/gen/userservice/v1/user';
import { isNewRemoval, isNewUpsert, type Known } from '@roster/web/src/features/users/list/apply-feed-event.ts';
import { reasonOfRemoval } from './feed-words.ts';
import type { SeenRemoval, SeenRow } from './recording.ts';
import { printOf } from './user-facts.ts';

/** The rule by which a client lets rows in; the console's own unless a test plants another. */
export interface ApplyRule {
  isNewUpsert(known: Known | undefined, revision: number): boolean;
  isNewRemoval(known: Known | undefined, revision: number): boolean;
}

export const consoleRule: ApplyRule = { isNewUpsert, isNewRemoval };

/** The rows that a client holds. What it says of an event is what the recording keeps of it. */
export interface ClientTable {
  /** What is held, by id. */
  rows(): readonly (readonly [id: string, revision: number, print: string])[];
  apply(changes: UserFeed_Changes): { readonly upserts: readonly SeenRow[]; readonly removals: readonly SeenRemoval[] };
  /** A further page of the snapshot: by the rule of upserts. */
  addPage(users: readonly User[]): readonly SeenRow[];
  /** A whole new list. */
  replace(users: readonly SeenRow[]): void;
}

export function createClientTable(rule: ApplyRule = consoleRule): ClientTable {
  let known = new Map<string, Known & { readonly print: string }>();

  function upsert(user: User): SeenRow {
    const isApplied = rule.isNewUpsert(known.get(user.id), user.revision);
    const print = printOf(user);
    if (isApplied) known.set(user.id, { revision: user.revision, isRemoved: false, print });
    return [user.id, user.revision, print, isApplied];
  }

  return {
    rows: () =>
      [...known].flatMap(([id, { revision, isRemoved, print }]) => (isRemoved ? [] : [[id, revision, print] as const])),
    apply: ({ upserts, removals }) => ({
      upserts: upserts.map(upsert),
      removals: removals.map(({ id, revision, reason }) => {
        const isApplied = rule.isNewRemoval(known.get(id), revision);
        if (isApplied) known.set(id, { revision, isRemoved: true, print: '' });
        return [id, revision, reasonOfRemoval(reason), isApplied];
      }),
    }),
    addPage: (users) => users.map(upsert),
    replace(rows) {
      known = new Map(rows.map(([id, revision, print]) => [id, { revision, isRemoved: false, print }]));
    },
  };
}

/** A row of a snapshot, which is let in with the whole of it. */
export function snapshotRow(user: User): SeenRow {
  return [user.id, user.revision, printOf(user), true];
}
