import type { UserFeed_Removal as Removal, User } from '@roster/proto/gen/userservice/v1/user';
import type { IUserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import { timing } from '@roster/proto/timing';
import type { FeedSlots } from '../../../lib/feed-slots.ts';
import type { PageSignals } from '../../../lib/page-signals.ts';
import type { Scheduler } from '../../../lib/scheduler.ts';
import type { AppError } from '../../../rpc/app-error.ts';
import { isCancel } from '../../../rpc/rpc-failure.ts';
import { toAppError } from '../../../rpc/to-app-error.ts';
import type { FeedTotal } from '../../../rpc/user-feed.ts';
import { backoffLimits, createBackoff } from './backoff.ts';
import { type ConnectionEvent, nextConnection } from './connection.ts';
import { type FollowStep, followFeed, type GoAway } from './follow-feed.ts';
import { createNap } from './nap.ts';
import { watchPresence } from './presence.ts';
import { readPage, type UserPage } from './read-page.ts';
import type { Connection, UserListQuery } from './user-list.ts';
import { startWatchdog, type Watchdog } from './watchdog.ts';

/** What a feed tells its list. */
export interface FeedSink {
  /** The list as a whole, in place of all that was before. */
  snapshot(page: UserPage): void;
  changes(upserts: readonly User[], removals: readonly Removal[]): void;
  total(total: FeedTotal): void;
  /** The state, or when the last sign of life came, is another. */
  connection(): void;
  /** An attempt has failed. */
  failed(error: AppError): void;
}

export interface FeedParts {
  readonly client: IUserServiceClient;
  readonly query: UserListQuery;
  readonly pageSize: number;
  readonly scheduler: Scheduler;
  readonly page: PageSignals;
  readonly slots: FeedSlots;
  readonly random: () => number;
  readonly sink: FeedSink;
}

export interface FeedConnection {
  state(): Connection;
  lastFrameAt(): number | undefined;
  reconnects(): number;
  /** Tries again at once, also after a refusal. */
  retry(): void;
  close(): void;
}

/** How long a watch may take to stand; a little more than the first page may, whose deadline says more of what is wrong. */
const openPatienceMs = timing.unaryDeadlineMs * 1.5;

/** How often a list without a feed is read. */
const pollMs = 5000;

/** How an attempt ended: in order, with an error, or because this side wanted so. */
type AttemptEnd =
  | GoAway
  | { readonly kind: 'failed'; readonly error: AppError }
  | { readonly kind: 'silent' }
  | { readonly kind: 'let-go' };

/** Keeps a list's feed open as long as somebody may be looking, and comes back by itself when it is lost. */
export function openFeed({ client, query, pageSize, scheduler, page, slots, random, sink }: FeedParts): FeedConnection {
  const backoff = createBackoff(random);
  const nap = createNap(scheduler);
  let state: Connection = { kind: 'connecting' };
  let resumeToken: string | undefined;
  let lastFrameAt: number | undefined;
  let attemptAt = 0;
  let openedAt: number | undefined;
  let opens = 0;
  let heartbeatMs: number | undefined;
  let isClosed = false;
  let watchdog: Watchdog | undefined;
  let endAttempt: (end: AttemptEnd) => void = () => undefined;

  const presence = watchPresence(page, scheduler, slots, () => {
    move({ kind: 'silent' });
    endAttempt({ kind: 'let-go' });
  });
  const unsubscribe = page.subscribe((signal) => {
    if (signal === 'offline') {
      move({ kind: 'went-offline' });
      // What was still on its way would say that all is well again.
      endAttempt({ kind: 'let-go' });
    }
    if (signal !== 'online' && signal !== 'visible' && signal !== 'return') return;
    // A connection from before may be dead without saying so; a new one goes on from the same position.
    if (signal === 'online' && state.kind === 'offline') endAttempt({ kind: 'let-go' });
    watchdog?.check();
    if (state.kind !== 'refused') nap.wake(attemptAt + backoffLimits.firstMs);
  });

  function move(event: ConnectionEvent): void {
    const now = scheduler.now();
    state = nextConnection(state, event, { now, lastFrameAt: lastFrameAt ?? now });
    sink.connection();
  }

  function onStep(step: FollowStep): void {
    lastFrameAt = scheduler.now();
    watchdog?.alive();
    switch (step.kind) {
      case 'snapshot':
        resumeToken = step.page.resumeToken;
        sink.snapshot(step.page);
        if (openedAt !== undefined) move({ kind: 'caught-up' });
        return;
      case 'opened':
        openedAt = lastFrameAt;
        opens += 1;
        heartbeatMs = step.heartbeatMs;
        if (step.total) sink.total(step.total);
        move(step.isResumed ? { kind: 'caught-up' } : { kind: 'behind', count: 0 });
        return;
      case 'changes':
        sink.changes(step.upserts, step.removals);
        return;
      case 'position':
        resumeToken = step.resumeToken;
        if (step.total) sink.total(step.total);
        move(step.behind > 0 ? { kind: 'behind', count: step.behind } : { kind: 'caught-up' });
        return;
      case 'alive':
        sink.connection();
    }
  }

  /** Once the watch stands a sign of life is due as often as the server has promised. */
  function patienceMs(): number {
    return heartbeatMs === undefined ? openPatienceMs : heartbeatMs * timing.staleAfterHeartbeats;
  }

  async function attempt(): Promise<AttemptEnd> {
    const abort = new AbortController();
    heartbeatMs = undefined;
    openedAt = undefined;
    attemptAt = scheduler.now();
    const { promise, resolve } = Promise.withResolvers<AttemptEnd>();
    endAttempt = resolve;
    watchdog = startWatchdog(scheduler, patienceMs, () => resolve({ kind: 'silent' }));
    const step = (one: FollowStep) => {
      if (!abort.signal.aborted) onStep(one);
    };
    followFeed({ client, query, pageSize, resumeToken, abort: abort.signal, onStep: step }).then(resolve, (thrown) =>
      resolve({ kind: 'failed', error: toAppError(thrown) }),
    );
    const end = await promise;
    watchdog.stop();
    abort.abort();
    return end;
  }

  /** Draws the consequences of an attempt's end. Returns how long to wait before the next. */
  function conclude(end: AttemptEnd): number {
    const healthyMs = openedAt === undefined ? 0 : scheduler.now() - openedAt;
    backoff.succeeded(healthyMs);
    switch (end.kind) {
      case 'let-go':
        return 0;
      case 'silent':
        if (openedAt !== undefined) {
          move({ kind: 'silent' });
          return 0;
        }
        return concludeFailure({ kind: 'timeout', message: 'The server did not answer in time.' });
      case 'go-away':
        if (end.mustRelist) resumeToken = undefined;
        return healthyMs >= backoffLimits.healthyMs ? end.retryAfterMs : Math.max(end.retryAfterMs, nextWaitMs(true));
      case 'failed':
        return concludeFailure(end.error);
    }
  }

  /** `isAway`: the server cannot be reached or has sent the page away, and may be back at any moment. */
  function nextWaitMs(isAway: boolean): number {
    return backoff.next(isAway && page.isVisible() ? backoffLimits.maxSeenMs : undefined);
  }

  function concludeFailure(error: AppError): number {
    sink.failed(error);
    if (isRefusal(error)) {
      move({ kind: 'refused', error });
      return Number.POSITIVE_INFINITY;
    }
    const isAway = error.kind === 'unreachable' || error.kind === 'timeout';
    const waitMs = Math.max(nextWaitMs(isAway), error.kind === 'limited' ? (error.retryAfterMs ?? 0) : 0);
    if (page.isOnline()) move({ kind: 'lost', error, retryAt: scheduler.now() + waitMs });
    else move({ kind: 'went-offline' });
    return waitMs;
  }

  /** Reads the list in place of following it. Returns how long to wait before the next time. */
  async function poll(): Promise<number> {
    const abort = new AbortController();
    endAttempt = () => abort.abort();
    openedAt = undefined;
    attemptAt = scheduler.now();
    try {
      onStep({ kind: 'snapshot', page: await readPage(client, query, { skip: 0 }, pageSize, abort.signal) });
      backoff.succeeded(backoffLimits.healthyMs);
      move({ kind: 'polled', everyMs: pollMs });
      return pollMs;
    } catch (thrown) {
      return isCancel(thrown) ? 0 : concludeFailure(toAppError(thrown));
    }
  }

  async function follow(): Promise<number> {
    move({ kind: 'attempt' });
    const end = await attempt();
    return isClosed ? 0 : conclude(end);
  }

  async function run(): Promise<void> {
    while (!isClosed) {
      const release = await slots.claim();
      const waitMs = isClosed ? 0 : await (release ? follow() : poll());
      release?.();
      if (waitMs > 0 && !isClosed) await nap.take(waitMs);
      await presence.whenPresent();
    }
  }

  void run();
  return {
    state: () => state,
    lastFrameAt: () => lastFrameAt,
    reconnects: () => Math.max(0, opens - 1),
    retry: () => nap.wake(),
    close() {
      isClosed = true;
      unsubscribe();
      presence.stop();
      endAttempt({ kind: 'let-go' });
      nap.wake();
    },
  };
}

/** Trying again would bring the same answer: somebody has to sign in, to be permitted, or to correct the filter. */
function isRefusal({ kind }: AppError): boolean {
  return kind === 'signed-out' || kind === 'not-permitted' || kind === 'invalid';
}
