import {
  type UserFeed_Removal as Removal,
  UserFeed_RemovalReason as RemovalReason,
  User,
  UserRole,
} from '@roster/proto/gen/userservice/v1/user';
import { comparePlaces, type Order, orderKey } from '@roster/proto/order';
import type { UserPage } from '../read-page.ts';

/** A change, with what the list showed of the user before and after. */
interface Change {
  readonly id: string;
  readonly revision: number;
  readonly before: User | undefined;
  readonly after: User | undefined;
}

/** A write whose revision is drawn and whose transaction is still open; it holds the user's row lock. */
interface OpenWrite {
  readonly revision: number;
  readonly after: User | undefined;
}

/**
 * What the server does, in memory: a store whose lists and feed obey the contract. Its list holds the viewers alone.
 *
 * Revisions are drawn in another order than writes commit, and lists show what is committed before the feed has it, as in PostgreSQL.
 */
export interface ModelStore {
  /** Draws a revision and leaves the write open; undefined where another write has the user. */
  begin(id: string, name: string, isViewer: boolean): User | undefined;
  /** Commits one of the open writes. */
  commit(which: number): void;
  /** A write that commits at once; undefined where another write has the user. */
  put(id: string, name: string, isViewer: boolean): User | undefined;
  remove(id: string): void;
  /** Takes a user out of the list without changing it, as a right that is lost or a filter over time does, until its next change. */
  expel(id: string): void;
  /** Moves what is committed into the feed. */
  sequence(): void;
  /** The list as it is now. */
  truth(): readonly User[];
  /** The newest position of the feed. */
  position(): number;
  page(place: { readonly skip: number } | { readonly after: string }, pageSize: number): UserPage;
  /** The changes between two positions, folded by id as the server folds them. */
  fold(from: number, to: number): { readonly upserts: User[]; readonly removals: Removal[] };
}

export function createModelStore(order: Order): ModelStore {
  const users = new Map<string, User>();
  const openWrites = new Map<string, OpenWrite>();
  const expelled = new Set<string>();
  const outbox: Change[] = [];
  const feed: Change[] = [];
  let revision = 0;
  const isListed = (user: User) => user.role === UserRole.VIEWER && !expelled.has(user.id);
  const listed = (id: string) => [users.get(id)].find((user) => user && isListed(user));
  const placeOf = (user: User) => ({ id: user.id, key: orderKey(user, order.field) });
  const truth = () => [...users.values()].filter(isListed).sort((a, b) => comparePlaces(order, placeOf(a), placeOf(b)));

  function apply(id: string, { revision, after }: OpenWrite): void {
    const before = listed(id);
    openWrites.delete(id);
    expelled.delete(id);
    if (after) users.set(id, after);
    else users.delete(id);
    outbox.push({ id, revision, before, after: listed(id) });
  }

  function begin(id: string, name: string, isViewer: boolean): User | undefined {
    if (openWrites.has(id)) return undefined;
    revision += 1;
    const updatedAt = { seconds: String(revision), nanos: 0 };
    const createdAt = users.get(id)?.createdAt ?? updatedAt;
    const role = isViewer ? UserRole.VIEWER : UserRole.EDITOR;
    const user = User.create({ id, name, role, revision, createdAt, updatedAt });
    openWrites.set(id, { revision, after: user });
    return user;
  }

  return {
    truth,
    position: () => feed.length,
    begin,
    commit(which) {
      const [id, write] = [...openWrites][which % Math.max(1, openWrites.size)] ?? [];
      if (id && write) apply(id, write);
    },
    put(id, name, isViewer) {
      const after = begin(id, name, isViewer);
      if (after) apply(id, { revision: after.revision, after });
      return after;
    },
    remove(id) {
      if (!users.has(id) || openWrites.has(id)) return;
      revision += 1;
      apply(id, { revision, after: undefined });
    },
    expel(id) {
      const before = listed(id);
      if (!before) return;
      expelled.add(id);
      outbox.push({ id, revision: before.revision, before, after: undefined });
    },
    sequence() {
      feed.push(...outbox.splice(0));
    },
    page(place, pageSize) {
      const all = truth();
      const token = 'after' in place ? (JSON.parse(place.after) as ReturnType<typeof placeOf>) : undefined;
      const first = token
        ? all.filter((user) => comparePlaces(order, placeOf(user), token) <= 0).length
        : 'skip' in place
          ? place.skip
          : 0;
      const page = all.slice(first, first + pageSize);
      const last = page.at(-1);
      const nextPageToken = last && first + page.length < all.length ? JSON.stringify(placeOf(last)) : '';
      return {
        users: page,
        total: { size: all.length, isMinimum: false },
        nextPageToken,
        resumeToken: String(feed.length),
      };
    },
    fold(from, to) {
      const byId = Map.groupBy(feed.slice(from, to), ({ id }) => id);
      const upserts: User[] = [];
      const removals: Removal[] = [];
      for (const [id, folded] of byId) {
        const last = folded.at(-1);
        if (!last) continue;
        if (last.after) upserts.push(last.after);
        else if (folded.some(({ before }) => before)) {
          removals.push({ id, revision: last.revision, reason: RemovalReason.LEFT_FILTER });
        }
      }
      return { upserts, removals };
    },
  };
}
