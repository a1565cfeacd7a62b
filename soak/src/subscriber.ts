import { setTimeout as wait } from 'node:timers/promises';
import { RpcError } from '@protobuf-ts/runtime-rpc';
import { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import type { IUserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { timing } from '@roster/proto/timing';
import { createBackoff } from '@roster/web/src/live/backoff.ts';
import { createClientTable } from './client-table.ts';
import { createFeedEar, type Heard } from './feed-ear.ts';
import type { WatchedList } from './filters.ts';
import { now, type Recorder, type Told } from './recorder.ts';
import type { SeenRow, Spoil, SubscriberEvent } from './recording.ts';
import { readPosition } from './token-position.ts';
import { Silence, untilSilent } from './until-silent.ts';

export interface SubscriberOptions {
  readonly name: string;
  readonly list: WatchedList;
  readonly client: IUserServiceClient;
  readonly recorder: Recorder;
  readonly random: () => number;
  /** The console reads the list first and then follows it from its position; other clients have the watch bring both. */
  readonly listsFirst: boolean;
  /** How long it takes over each message, in ms. */
  readonly slownessMs: number;
}

/** A client that watches a list through everything: it comes back by itself, resumes, and keeps a table by the console's rule. */
export interface Subscriber {
  readonly name: string;
  readonly list: WatchedList;
  rows(): readonly (readonly [id: string, revision: number, print: string])[];
  /** Stops reading for a while, as a frozen tab does. */
  freeze(ms: number): void;
  /** Uses a token once that is no longer good, and says what is wrong with it. */
  spoil(token: (good: string) => string, how: Spoil): void;
  /** From now on it reads as fast as it can, and tries again at once. */
  hurry(): void;
  stop(): Promise<void>;
}

/** An open stream of which nothing has come for so long is dead. */
export const silenceMs = timing.heartbeatMs * timing.staleAfterHeartbeats;
export const pageSize = 1000;

export function startSubscriber(options: SubscriberOptions): Subscriber {
  const { name, list, client, recorder, random } = options;
  const table = createClientTable();
  const backoff = createBackoff(random);
  const stopped = new AbortController();
  let hurried = new AbortController();
  let slownessMs = options.slownessMs;
  let frozenUntil = 0;
  let token = '';
  let spoiled: { readonly token: (good: string) => string; readonly how: Spoil } | undefined;
  let stream = 0;
  let endAttempt: (() => void) | undefined;
  let retryAfterMs = 0;
  recorder.add({ kind: 'subscriber', subscriber: name, list: list.name, isSlow: options.slownessMs > 0 });

  function tell(told: Told): void {
    recorder.add({ at: now(), subscriber: name, stream, ...told } as SubscriberEvent);
  }

  const nap = (ms: number) =>
    wait(ms, undefined, { signal: AbortSignal.any([stopped.signal, hurried.signal]) }).catch(() => undefined);

  /** Reads one stream of envelopes until the server ends it in order. */
  async function readStream(request: Partial<ListUsersRequest>, signal: AbortSignal): Promise<void> {
    const watch = request.watch ?? false;
    const call = client.listUsers(
      ListUsersRequest.create({
        filter: list.filter,
        showDeleted: list.showDeleted,
        pageSize,
        envelope: true,
        ...request,
      }),
      { abort: signal, ...(watch ? { meta: { 'x-roster-feed': '1' } } : { timeout: timing.unaryDeadlineMs }) },
    );
    const ear = createFeedEar(table, tell);
    const messages = watch ? untilSilent(call.responses, silenceMs) : call.responses;
    for await (const { feed } of messages) {
      if (!feed) throw new Error('a bare user came where an envelope was asked for');
      const goesOn = await follow(ear.hear(feed.event), signal);
      await linger();
      if (!goesOn) return;
    }
    if (watch) throw new Error('the feed ended without saying why');
  }

  async function linger(): Promise<void> {
    const ms = Math.max(slownessMs * random() * 2, frozenUntil - now());
    if (ms > 1) await nap(ms);
  }

  async function follow(heard: Heard, signal: AbortSignal): Promise<boolean> {
    switch (heard.kind) {
      case 'more':
        return true;
      case 'end':
        // Until all pages are here no token is kept: a list that broke off is read anew.
        token = '';
        await readFurtherPages(heard.nextPageToken, signal);
        token = heard.resumeToken;
        return true;
      case 'position':
        token = heard.resumeToken;
        return true;
      case 'go-away':
        if (heard.mustRelist) token = '';
        retryAfterMs = heard.retryAfterMs;
        return false;
    }
  }

  async function readFurtherPages(first: string, signal: AbortSignal): Promise<void> {
    for (let pageToken = first; pageToken !== ''; ) {
      const request = ListUsersRequest.create({
        filter: list.filter,
        showDeleted: list.showDeleted,
        pageSize,
        envelope: true,
        pageToken,
      });
      const rows: SeenRow[] = [];
      pageToken = '';
      for await (const { feed } of client.listUsers(request, { abort: signal, timeout: timing.unaryDeadlineMs })
        .responses) {
        if (feed?.event.oneofKind === 'changes') rows.push(...table.addPage(feed.event.changes.upserts));
        if (feed?.event.oneofKind === 'end') pageToken = feed.event.end.nextPageToken;
      }
      tell({ kind: 'page', rows, hasMore: pageToken !== '' });
    }
  }

  async function attempt(signal: AbortSignal): Promise<void> {
    if (token === '' && options.listsFirst) await oneStream('', undefined, signal);
    const spoil = token === '' ? undefined : spoiled;
    spoiled = undefined;
    await oneStream(spoil ? spoil.token(token) : token, spoil?.how, signal, true);
  }

  async function oneStream(resumeToken: string, spoil: Spoil | undefined, signal: AbortSignal, watch = false) {
    stream += 1;
    const position = token === '' ? undefined : readPosition(token);
    tell({ kind: 'open', token: position, ...(spoil ? { spoil } : {}) });
    let how = 'OK';
    try {
      await readStream({ watch, resumeToken }, signal);
    } catch (thrown) {
      how = endOf(thrown, signal);
      throw thrown;
    } finally {
      tell({ kind: 'closed', how });
    }
  }

  function endOf(thrown: unknown, signal: AbortSignal): string {
    if (thrown instanceof Silence) return 'silent';
    if (signal.aborted) return 'left';
    return thrown instanceof RpcError ? thrown.code : String(thrown);
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      const abort = new AbortController();
      endAttempt = () => abort.abort();
      const openedAt = now();
      retryAfterMs = 0;
      const hasFailed = await attempt(AbortSignal.any([abort.signal, stopped.signal])).then(
        () => false,
        () => true,
      );
      abort.abort();
      backoff.succeeded(now() - openedAt);
      await nap(hasFailed ? backoff.next() : retryAfterMs);
    }
  }

  const running = run();
  return {
    name,
    list,
    rows: table.rows,
    freeze(ms) {
      frozenUntil = now() + ms;
    },
    spoil(change, how) {
      spoiled = { token: change, how };
      endAttempt?.();
    },
    hurry() {
      slownessMs = 0;
      frozenUntil = 0;
      hurried.abort();
      hurried = new AbortController();
    },
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
