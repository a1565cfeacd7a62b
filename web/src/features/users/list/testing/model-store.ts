import {
  type UserFeed_Removal as Removal,
  UserFeed_RemovalReason as RemovalReason,
  User,
  UserRole,
} from '@roster/proto/gen/userservice/v1/user';
import { comparePlaces, type Order, orderKey } from '@roster/proto/order';
import type { UserPage } from '../read-page.ts';

/** A change in the order of commits, with what the user was before and after. */
interface Change {
  readonly id: string;
  readonly revision: number;
  readonly before: User | undefined;
  readonly after: User | undefined;
}

/** What the server does, in memory: a store whose lists and feed obey the contract. Its list holds the viewers alone. */
export interface ModelStore {
  put(id: string, name: string, isViewer: boolean): User;
  remove(id: string): void;
  /** The list as it is now. */
  truth(): readonly User[];
  position(): number;
  page(place: { readonly skip: number } | { readonly after: string }, pageSize: number): UserPage;
  /** The changes between two positions, folded by id as the server folds them. */
  fold(from: number, to: number): { readonly upserts: User[]; readonly removals: Removal[] };
}

export function createModelStore(order: Order): ModelStore {
  const users = new Map<string, User>();
  const changes: Change[] = [];
  let revision = 0;
  const isListed = (user: User | undefined) => user?.role === UserRole.VIEWER;
  const placeOf = (user: User) => ({ id: user.id, key: orderKey(user, order.field) });
  const truth = () => [...users.values()].filter(isListed).sort((a, b) => comparePlaces(order, placeOf(a), placeOf(b)));

  function commit(id: string, after: User | undefined): void {
    changes.push({ id, revision, before: users.get(id), after });
    if (after) users.set(id, after);
    else users.delete(id);
  }

  return {
    truth,
    position: () => changes.length,
    put(id, name, isViewer) {
      revision += 1;
      const updatedAt = { seconds: String(revision), nanos: 0 };
      const createdAt = users.get(id)?.createdAt ?? updatedAt;
      const role = isViewer ? UserRole.VIEWER : UserRole.EDITOR;
      const user = User.create({ id, name, role, revision, createdAt, updatedAt });
      commit(id, user);
      return user;
    },
    remove(id) {
      if (!users.has(id)) return;
      revision += 1;
      commit(id, undefined);
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
        resumeToken: String(changes.length),
      };
    },
    fold(from, to) {
      const byId = Map.groupBy(changes.slice(from, to), ({ id }) => id);
      const upserts: User[] = [];
      const removals: Removal[] = [];
      for (const [id, folded] of byId) {
        const last = folded.at(-1);
        if (!last) continue;
        if (last.after && isListed(last.after)) upserts.push(last.after);
        else if (folded.some(({ before }) => isListed(before))) {
          removals.push({ id, revision: last.revision, reason: RemovalReason.LEFT_FILTER });
        }
      }
      return { upserts, removals };
    },
  };
}
