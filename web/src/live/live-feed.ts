import { timing } from '@roster/proto/timing';
import type { FeedSlots } from '../lib/feed-slots.ts';
import type { PageSignals } from '../lib/page-signals.ts';
import type { Scheduler } from '../lib/scheduler.ts';
import type { AppError } from '../rpc/app-error.ts';
import { isCancel } from '../rpc/rpc-failure.ts';
import { toAppError } from '../rpc/to-app-error.ts';
import { backoffLimits, createBackoff } from './backoff.ts';
import { type Connection, type ConnectionEvent, nextConnection } from './connection.ts';
import { createNap } from './nap.ts';
import { watchPresence } from './presence.ts';
import { startWatchdog, type Watchdog } from './watchdog.ts';

/** What following says of itself; each is also a sign of life. */
export type LiveSign =
  | { readonly kind: 'alive' }
  /** The watch stands, and promises a sign of life so often. */
  | { readonly kind: 'opened'; readonly heartbeatMs: number; readonly isCaughtUp: boolean }
  /** How much is still to come before everything up to now has been seen; 0 for nothing. */
  | { readonly kind: 'behind'; readonly count: number };

/** The server has ended a watch in order, and asks to come back. */
export interface LiveEnd {
  readonly kind: 'go-away';
  readonly retryAfterMs: number;
}

/** Where the rows of a live list come from. It hands them to their list itself. */
export interface LiveSource {
  /** Follows until the server ends that in order. Throws what the calls throw; a stream that merely ends has broken off. */
  follow(abort: AbortSignal, tell: (sign: LiveSign) => void): Promise<LiveEnd>;
  /** Reads the list in place of following it. Throws what the call throws. */
  read(abort: AbortSignal): Promise<void>;
}

export interface LiveSink {
  /** The state, or when the last sign of life came, is another. */
  connection(): void;
  /** An attempt has failed. */
  failed(error: AppError): void;
}

/** The page that a live list is on, as far as it matters to it. */
export interface LiveHost {
  readonly scheduler: Scheduler;
  readonly page: PageSignals;
  readonly slots: FeedSlots;
  /** Between 0 and 1, as `Math.random`. */
  readonly random: () => number;
}

export interface LiveFeed {
  state(): Connection;
  lastFrameAt(): number | undefined;
  /** Since when the watch stands; undefined while one is being opened. What is older was not late, it was missed meanwhile. */
  openedAt(): number | undefined;
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
  | LiveEnd
  | { readonly kind: 'failed'; readonly error: AppError }
  | { readonly kind: 'silent' }
  | { readonly kind: 'let-go' };

/** Keeps a list followed as long as somebody may be looking, and comes back by itself when the connection is lost. */
export function openLiveFeed(
  { scheduler, page, slots, random }: LiveHost,
  source: LiveSource,
  sink: LiveSink,
): LiveFeed {
  const backoff = createBackoff(random);
  const nap = createNap(scheduler);
  let state: Connection = { kind: 'connecting' };
  let lastFrameAt: number | undefined;
  let attemptAt = 0;
  let openedAt: number | undefined;
  let opens = 0;
  let heartbeatMs: number | undefined;
  /** Nobody was signed in when it was last tried. */
  let wasSignedOut = false;
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

  function onSign(sign: LiveSign): void {
    lastFrameAt = scheduler.now();
    watchdog?.alive();
    switch (sign.kind) {
      case 'alive':
        sink.connection();
        return;
      case 'opened':
        openedAt = lastFrameAt;
        opens += 1;
        wasSignedOut = false;
        heartbeatMs = sign.heartbeatMs;
        move(sign.isCaughtUp ? { kind: 'caught-up' } : { kind: 'behind', count: 0 });
        return;
      case 'behind':
        move(sign.count > 0 ? { kind: 'behind', count: sign.count } : { kind: 'caught-up' });
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
    const tell = (sign: LiveSign) => {
      if (!abort.signal.aborted) onSign(sign);
    };
    source.follow(abort.signal, tell).then(resolve, (thrown) => resolve({ kind: 'failed', error: toAppError(thrown) }));
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
        return healthyMs >= backoffLimits.healthyMs ? end.retryAfterMs : Math.max(end.retryAfterMs, nextWaitMs(true));
      case 'failed': {
        const isFirstTime = !wasSignedOut;
        wasSignedOut = end.error.kind === 'signed-out';
        // The next attempt is judged by what the person may do by now, and by the session that they have by now.
        return isRightsChange(end.error) || (wasSignedOut && isFirstTime) ? backoff.next() : concludeFailure(end.error);
      }
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

  /** Returns how long to wait before the next time. */
  async function poll(): Promise<number> {
    const abort = new AbortController();
    endAttempt = () => abort.abort();
    openedAt = undefined;
    attemptAt = scheduler.now();
    try {
      await source.read(abort.signal);
      lastFrameAt = scheduler.now();
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
    openedAt: () => openedAt,
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

function isRightsChange(error: AppError): boolean {
  return error.kind === 'not-permitted' && error.reason === 'RIGHTS_CHANGED';
}

/** Trying again would bring the same answer: somebody has to sign in, to be permitted, or to correct the filter. */
function isRefusal({ kind }: AppError): boolean {
  return kind === 'signed-out' || kind === 'not-permitted' || kind === 'invalid';
}
