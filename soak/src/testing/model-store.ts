import { type User, User as UserMessage, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import type { FeedChange } from '@roster/server/watch/feed-change';
import type { FeedStore } from '@roster/server/watch/feed-store';
import type { ChangeEvent, RecordedEvent } from '../recording.ts';
import { factsOf } from '../user-facts.ts';

/** A store in memory that keeps what PostgreSQL keeps of the feed, where each step happens when it is asked for. */
export interface ModelStore extends FeedStore {
  readonly users: ReadonlyMap<string, User>;
  readonly epoch: string;
  /** The end of the feed and the place below which it is gone. */
  readonly head: number;
  readonly floor: number;
  /** The changes that are kept, between two places. */
  between(after: number, to: number): readonly FeedChange[];
  /** Draws a revision; nobody sees the change before it is committed. */
  draw(id: string, edit: Partial<User>): DrawnChange;
  commit(change: DrawnChange): void;
  /** Gives all committed changes their places. */
  sequence(): void;
  /** Raises the floor; it never falls. */
  compactTo(place: number): void;
  renewEpoch(): void;
  /** The history and the users, as a witness reads them. */
  read(): readonly RecordedEvent[];
}

export interface DrawnChange {
  readonly revision: number;
  readonly before: User | undefined;
  readonly after: User;
  readonly at: number;
}

/** Which of the committed changes get a place, given the highest revision that has one. A mutant leaves some out. */
export type Place = (committed: readonly DrawnChange[], highest: number) => readonly DrawnChange[];

export function createModelStore(clock: () => number, place: Place = (committed) => committed): ModelStore {
  const users = new Map<string, User>();
  const history: DrawnChange[] = [];
  const places = new Map<number, number>();
  let feed: FeedChange[] = [];
  let outbox: DrawnChange[] = [];
  let revision = 0;
  let head = 0;
  let floor = 0;
  let epoch = 1;

  function sequence(): number {
    const highest = Math.max(0, ...places.keys());
    const moved = place(outbox, highest).toSorted((a, b) => a.revision - b.revision);
    for (const { revision: of, before, after } of moved) {
      head += 1;
      places.set(of, head);
      feed.push({ seq: head, revision: of, userId: after.id, before, after, afterBytes: UserMessage.toBinary(after) });
    }
    outbox = outbox.filter((change) => !moved.includes(change));
    return moved.length;
  }

  return {
    users,
    get epoch() {
      return String(epoch);
    },
    get head() {
      return head;
    },
    get floor() {
      return floor;
    },
    between: (after, to) => feed.filter(({ seq }) => seq > after && seq <= to),
    draw(id, { deletedAt, ...edit }) {
      const before = users.get(id);
      revision += 1;
      const blank = { id, name: id, email: `${id}@example.com`, role: UserRole.VIEWER, state: UserState.ACTIVE };
      const after = UserMessage.create({ ...(before ?? blank), ...edit, revision });
      if (deletedAt) after.deletedAt = deletedAt;
      else delete after.deletedAt;
      return { revision, before, after, at: clock() };
    },
    commit(change) {
      users.set(change.after.id, change.after);
      history.push(change);
      outbox.push(change);
    },
    sequence,
    compactTo(to) {
      floor = Math.max(floor, to);
      feed = feed.filter(({ seq }) => seq > floor);
    },
    renewEpoch() {
      epoch += 1;
    },
    read: () => [
      ...history.map(
        ({ revision: of, before, after, at }): ChangeEvent => ({
          ...{ kind: 'change', at, seq: places.get(of), revision: of, userId: after.id, requestId: `request-${of}` },
          before: before && factsOf(before),
          after: factsOf(after),
        }),
      ),
      ...[...users.values()].map(
        (user) => ({ kind: 'user', userId: user.id, revision: user.revision, facts: factsOf(user) }) as const,
      ),
    ],
    advance: async () => sequence(),
    hasOutbox: async () => outbox.length > 0,
    readHead: async () => ({ seq: head, floor }),
    readAfter: async (seq, limit) => feed.filter((change) => change.seq > seq).slice(0, limit),
    readEpoch: async () => String(epoch),
    // Totals have tests of their own; here they stay unknown.
    count: () => new Promise(() => undefined),
    trim: async () => undefined,
  };
}
