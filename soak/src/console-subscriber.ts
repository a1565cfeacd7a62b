import { RpcError, type RpcOptions, type RpcOutputStream } from '@protobuf-ts/runtime-rpc';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import type { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import type { IUserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { openFeed } from '@roster/web/src/features/users/list/feed-connection.ts';
import type { PageSignals } from '@roster/web/src/lib/page-signals.ts';
import type { Scheduler } from '@roster/web/src/lib/scheduler.ts';
import { createClientTable, snapshotRow } from './client-table.ts';
import { createFeedEar } from './feed-ear.ts';
import { now, type Told } from './recorder.ts';
import type { Spoil, SubscriberEvent } from './recording.ts';
import { pageSize, type Subscriber, type SubscriberOptions, silenceMs } from './subscriber.ts';
import { readPosition } from './token-position.ts';

/** The console's own feed connection, outside the page: its resume, backoff, watchdog and all. The recording taps the wire between it and the server. */
export function startConsole(options: Omit<SubscriberOptions, 'listsFirst' | 'slownessMs'>): Subscriber {
  const { name, list, client, recorder, random } = options;
  /** By the messages as they came, for the recording; what the console makes of them is held apart. */
  const told = createClientTable();
  const held = createClientTable();
  let stream = 0;
  let frozenUntil = 0;
  let spoiled: { readonly token: (good: string) => string; readonly how: Spoil } | undefined;
  let cutNow: (() => void) | undefined;
  recorder.add({ kind: 'subscriber', subscriber: name, list: list.name });

  /** Calls the server in place of the console, and writes down what comes. */
  function listUsers(asked: ListUsersRequest, callOptions: RpcOptions = {}) {
    const cut = new AbortController();
    cutNow = () => cut.abort();
    const spoil = asked.resumeToken === '' ? undefined : spoiled;
    if (asked.watch) spoiled = undefined;
    const request = spoil ? { ...asked, resumeToken: spoil.token(asked.resumeToken) } : asked;
    const left = callOptions.abort ?? cut.signal;
    stream += 1;
    const own = stream;
    const tell = (event: Told) => {
      // What a call brings that the console has left is lost.
      if (own === stream && !left.aborted)
        recorder.add({ at: now(), subscriber: name, stream: own, ...event } as SubscriberEvent);
    };
    const token = asked.resumeToken === '' ? undefined : readPosition(asked.resumeToken);
    tell({ kind: 'open', token, ...(spoil ? { spoil: spoil.how } : {}) });
    const call = client.listUsers(request, { ...callOptions, abort: AbortSignal.any([left, cut.signal]) });
    return withResponses(call, tap(call.responses, asked.watch, left, tell));
  }

  async function* tap(source: AsyncIterable<User>, isWatch: boolean, left: AbortSignal, tell: (event: Told) => void) {
    const ear = createFeedEar(told, tell);
    let lastAt = now();
    left.addEventListener('abort', () => {
      const isSilent = isWatch && now() - lastAt >= silenceMs;
      const event = { at: now(), subscriber: name, stream, kind: 'closed' } as const;
      if (isSilent) recorder.add({ ...event, how: 'silent' });
    });
    let how = 'OK';
    try {
      for await (const message of source) {
        if (left.aborted) return;
        if (message.feed) ear.hear(message.feed.event);
        await thaw();
        lastAt = now();
        yield message;
      }
    } catch (thrown) {
      how = thrown instanceof RpcError ? thrown.code : String(thrown);
      throw thrown;
    } finally {
      tell({ kind: 'closed', how });
    }
  }

  async function thaw(): Promise<void> {
    while (now() < frozenUntil) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  const feed = openFeed({
    client: Object.create(client, { listUsers: { value: listUsers } }) as IUserServiceClient,
    query: { filter: list.filter, orderBy: '', showDeleted: list.showDeleted },
    pageSize,
    scheduler: nodeScheduler,
    page: openPage,
    slots: { claim: async () => () => undefined, onWanted: () => () => undefined },
    random,
    sink: {
      snapshot: ({ users }) => held.replace(users.map(snapshotRow)),
      changes: (upserts, removals) => void held.apply({ upserts: [...upserts], removals: [...removals] }),
      total: () => undefined,
      connection: () => undefined,
      failed: () => undefined,
    },
  });
  return {
    name,
    list,
    rows: held.rows,
    freeze(ms) {
      frozenUntil = now() + ms;
    },
    spoil(token, how) {
      spoiled = { token, how };
      cutNow?.();
    },
    hurry() {
      frozenUntil = 0;
      feed.retry();
    },
    async stop() {
      feed.close();
    },
  };
}

const nodeScheduler: Scheduler = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  beforeFrame(run) {
    const next = setImmediate(run);
    return () => clearImmediate(next);
  },
};

/** A page that somebody looks at all the time, and to which nothing happens. */
const openPage: PageSignals = { isVisible: () => true, isOnline: () => true, subscribe: () => () => undefined };

/** The same call with other messages. */
function withResponses<C extends { readonly responses: RpcOutputStream<User> }>(
  call: C,
  messages: AsyncIterable<User>,
): C {
  const responses = Object.create(call.responses, {
    [Symbol.asyncIterator]: { value: () => messages[Symbol.asyncIterator]() },
  });
  return Object.create(call, { responses: { value: responses } }) as C;
}
