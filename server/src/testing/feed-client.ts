import type { User, UserFeed } from '@roster/proto/gen/userservice/v1/user';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import type { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { onTestFinished } from 'vitest';

type Event = UserFeed['event'];
export type EventOf<K extends Event['oneofKind']> = Extract<Event, { oneofKind: K }>;

/** A watcher that keeps its table by the client's rule: an upsert applies if its revision is higher, a removal if it is higher or equal. */
export interface FeedClient {
  readonly events: readonly Event[];
  readonly rows: ReadonlyMap<string, User>;
  readonly resumeToken: string;
  readonly total: number | undefined;
  /** Resolves when the condition holds; it is asked after each event. */
  until(condition: () => boolean): Promise<void>;
  /** The next event of a kind, or the first if it came already. */
  first<K extends Event['oneofKind']>(kind: K): Promise<EventOf<K>>;
  cancel(): void;
  readonly ended: Promise<string>;
}

export function watch(
  client: UserServiceClient,
  request: Partial<ListUsersRequest> = {},
  state?: FeedClient,
): FeedClient {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const resume = state ? { resumeToken: state.resumeToken } : {};
  const call = client.listUsers(ListUsersRequest.create({ watch: true, pageSize: 1000, ...request, ...resume }), {
    abort: abort.signal,
  });
  const events: Event[] = [];
  const rows = new Map<string, User>(state?.rows);
  const removed = new Map<string, number>();
  let waiting: { condition: () => boolean; resolve: () => void }[] = [];
  let resumeToken = state?.resumeToken ?? '';
  let total: number | undefined;

  function apply(event: Event): void {
    events.push(event);
    switch (event.oneofKind) {
      case 'begin':
        rows.clear();
        removed.clear();
        total = event.begin.total?.size;
        break;
      case 'changes':
        for (const user of event.changes.upserts) {
          const held = Math.max(rows.get(user.id)?.revision ?? 0, removed.get(user.id) ?? 0);
          if (user.revision > held) rows.set(user.id, user);
        }
        for (const removal of event.changes.removals) {
          if (removal.revision < (rows.get(removal.id)?.revision ?? 0)) continue;
          rows.delete(removal.id);
          removed.set(removal.id, removal.revision);
        }
        break;
      case 'end':
        resumeToken = event.end.resumeToken;
        break;
      case 'checkpoint':
        resumeToken = event.checkpoint.resumeToken;
        total = event.checkpoint.total?.size ?? total;
        break;
    }
    waiting = waiting.filter(({ condition, resolve }) => {
      if (!condition()) return true;
      resolve();
      return false;
    });
  }

  const ended = (async () => {
    try {
      for await (const { feed } of call.responses) if (feed) apply(feed.event);
      return 'OK';
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : String(error);
    }
  })();

  const until = (condition: () => boolean) =>
    condition() ? Promise.resolve() : new Promise<void>((resolve) => waiting.push({ condition, resolve }));
  const find = <K extends Event['oneofKind']>(kind: K) =>
    events.find((event): event is EventOf<K> => event.oneofKind === kind);
  return {
    events,
    rows,
    until,
    ended,
    get resumeToken() {
      return resumeToken;
    },
    get total() {
      return total;
    },
    async first(kind) {
      await until(() => find(kind) !== undefined);
      const found = find(kind);
      if (!found) throw new Error(`no ${kind}`);
      return found;
    },
    cancel: () => abort.abort(),
  };
}
