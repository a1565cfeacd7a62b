import { User, type UserFeed } from '@roster/proto/gen/userservice/v1/user';
import type { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import type { CallContext, Encoded, ServerStreamHandler } from '../rpc/context.ts';
import { liveMessages } from './live-messages.ts';

/** What a client knows: its rows, what was removed from them at which revision, and its bookmark. */
export interface ReaderState {
  readonly rows: ReadonlyMap<string, number>;
  readonly removed: ReadonlyMap<string, number>;
  readonly resumeToken: string;
}

/** A client that takes only as many messages as it is allowed, comes back whenever its stream ends, and keeps its rows by the client's rule. */
export interface PacedReader {
  allow(messages: number): void;
  /** Cuts the stream that is open; the next message comes from another one, which resumes. */
  cut(): void;
  /** What the client could write down now; a token is good only for the rows that it came with. */
  bookmark(): ReaderState | undefined;
  rows(): ReadonlyMap<string, number>;
  /** Resolves when the client holds a user at a revision. */
  until(id: string, revision: number): Promise<void>;
  readonly failure: Promise<never>;
  close(): Promise<void>;
}

export function openPacedReader(
  listUsers: ServerStreamHandler<ListUsersRequest, User>,
  request: ListUsersRequest,
  caller: CallContext['caller'],
  start?: ReaderState,
): PacedReader {
  const closed = new AbortController();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  let stream = new AbortController();
  let allowed = 0;
  let wake: (() => void) | undefined;
  let waiting: { readonly id: string; readonly revision: number; readonly resolve: () => void }[] = [];
  const rows = new Map(start?.rows);
  const removed = new Map(start?.removed);
  let resumeToken = start?.resumeToken ?? '';
  /** Whether the token belongs to the rows as they are: changes have come since otherwise, or half a snapshot. */
  let isBookmarked = start !== undefined;

  function apply(event: UserFeed['event']): void {
    switch (event.oneofKind) {
      case 'begin':
        rows.clear();
        removed.clear();
        // A snapshot that was cut off is begun anew.
        resumeToken = '';
        isBookmarked = false;
        break;
      case 'changes':
        isBookmarked = false;
        for (const { id, revision } of event.changes.upserts) {
          if (revision > Math.max(rows.get(id) ?? 0, removed.get(id) ?? 0)) rows.set(id, revision);
        }
        for (const { id, revision } of event.changes.removals) {
          if (revision < Math.max(rows.get(id) ?? 0, removed.get(id) ?? 0)) continue;
          rows.delete(id);
          removed.set(id, revision);
        }
        break;
      case 'end':
      case 'checkpoint':
        resumeToken = event.oneofKind === 'end' ? event.end.resumeToken : event.checkpoint.resumeToken;
        isBookmarked = true;
        break;
    }
    waiting = waiting.filter(({ id, revision, resolve }) => {
      if (rows.get(id) !== revision) return true;
      resolve();
      return false;
    });
  }

  async function permit(): Promise<void> {
    while (allowed < 1 && !closed.signal.aborted) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    allowed -= 1;
  }

  async function readStream(): Promise<void> {
    stream = new AbortController();
    const { signal } = stream;
    await permit();
    if (closed.signal.aborted) return;
    const ended = AbortSignal.any([signal, closed.signal]);
    const messages = listUsers({ ...request, resumeToken }, contextOf(ended, caller));
    for await (const message of withLivePart(messages, ended)) {
      if (signal.aborted) return;
      const { feed } = message instanceof Uint8Array ? User.fromBinary(message) : message;
      if (feed) apply(feed.event);
      await permit();
      if (signal.aborted || closed.signal.aborted) return;
    }
  }

  async function run(): Promise<void> {
    while (!closed.signal.aborted) {
      try {
        await readStream();
      } catch (error) {
        // A call that was cut fails with its signal's reason.
        if (!stream.signal.aborted && !closed.signal.aborted) failed.reject(error);
      }
    }
  }
  const running = run();

  return {
    allow(messages) {
      allowed += messages;
      wake?.();
    },
    cut: () => stream.abort(),
    bookmark: () => (isBookmarked ? { rows: new Map(rows), removed: new Map(removed), resumeToken } : undefined),
    rows: () => rows,
    until(id, revision) {
      if (rows.get(id) === revision) return Promise.resolve();
      return new Promise((resolve) => waiting.push({ id, revision, resolve }));
    },
    failure: failed.promise,
    async close() {
      closed.abort();
      wake?.();
      await running;
    },
  };
}

/** What a handler yields, then what its live part sends. */
async function* withLivePart(
  messages: ReturnType<ServerStreamHandler<ListUsersRequest, User>>,
  signal: AbortSignal,
): AsyncGenerator<User | Encoded> {
  const part = yield* messages;
  if (part) yield* liveMessages(part, signal);
}

function contextOf(signal: AbortSignal, caller: CallContext['caller']): CallContext {
  return {
    method: '/userservice.v1.UserService/ListUsers',
    signal,
    deadline: undefined,
    requestId: '',
    caller,
    peer: '',
    address: '',
    host: '',
    header: () => undefined,
    setHeader: () => undefined,
    setTrailer: () => undefined,
  };
}
