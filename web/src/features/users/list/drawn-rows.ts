import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { OrderKey } from '@roster/proto/order';
import { drawnUser } from './apply-feed-event.ts';
import { changedFields } from './changed-fields.ts';
import type { UserRow } from './user-list.ts';

/** A row as the feed or a page brought it. */
export interface HeldRow {
  readonly user: User;
  readonly key: OrderKey;
}

/** What lies over the rows of the feed, and the drawn rows, which stay the same objects until something about them changes. */
export interface DrawnRows {
  draw(id: string, held: HeldRow): UserRow;
  /** Notes that the feed has moved a row on; with `at`, its cells say what changed. */
  moved(before: HeldRow, after: HeldRow, at: number | undefined): void;
  arrived(id: string, at: number): void;
  answer(held: HeldRow, user: User): void;
  hide(id: string): void;
  unhide(id: string): void;
  /** Keeps how a row looked when it left. */
  leave(id: string, held: HeldRow): void;
  /** The row as it looked when it left; undefined where it did not, or has been forgotten. */
  ghost(id: string): UserRow | undefined;
  forgetGhosts(): void;
  /** Drops everything about a row. */
  drop(id: string): void;
  clear(): void;
}

export function createDrawnRows(): DrawnRows {
  const overlays = new Map<string, User>();
  const hidden = new Set<string>();
  const changes = new Map<string, NonNullable<UserRow['changed']>>();
  const ghosts = new Map<string, UserRow>();
  const drawn = new Map<string, UserRow>();

  const draw = (id: string, held: HeldRow): UserRow => {
    const before = drawn.get(id);
    if (before) return before;
    const user = drawnUser(held.user, overlays.get(id));
    const row = { user, changed: changes.get(id), isGone: hidden.has(id) };
    drawn.set(id, row);
    return row;
  };

  const drop = (id: string): void => {
    overlays.delete(id);
    hidden.delete(id);
    changes.delete(id);
    drawn.delete(id);
  };

  return {
    draw,
    drop,
    moved(before, after, at) {
      const { id } = after.user;
      const seen = drawnUser(before.user, overlays.get(id));
      if (after.user.revision >= (overlays.get(id)?.revision ?? 0)) overlays.delete(id);
      const fields = changedFields(seen, drawnUser(after.user, overlays.get(id)));
      // Where deleted users are listed too, this is the end of a deletion.
      if (after.user.deletedAt) hidden.delete(id);
      if (at !== undefined && fields.size > 0) changes.set(id, { at, fields });
      drawn.delete(id);
    },
    arrived(id, at) {
      ghosts.delete(id);
      changes.set(id, { at, fields: new Set() });
    },
    answer(held, user) {
      drawn.delete(user.id);
      if (user.revision > held.user.revision) overlays.set(user.id, user);
      // The feed was faster than the answer: what glows is one's own edit.
      else if (user.revision === held.user.revision) changes.delete(user.id);
    },
    hide(id) {
      hidden.add(id);
      drawn.delete(id);
    },
    unhide(id) {
      if (hidden.delete(id)) drawn.delete(id);
    },
    leave(id, held) {
      ghosts.set(id, { ...draw(id, held), isGone: true });
      drop(id);
    },
    ghost: (id) => ghosts.get(id),
    forgetGhosts: () => ghosts.clear(),
    clear() {
      for (const part of [overlays, hidden, changes, ghosts, drawn]) part.clear();
    },
  };
}
