import type { GetSessionResponse } from '@roster/proto/gen/roster/sessions/v1/session_service';
import type { PageSignals } from '../lib/page-signals.ts';
import type { Scheduler } from '../lib/scheduler.ts';
import type { AppError } from '../rpc/app-error.ts';
import { nextCheckAt } from './next-check.ts';
import type { Drafts } from './person-storage.ts';
import type { SessionChannel } from './session-channel.ts';
import {
  afterReading,
  interruptedAfter,
  leftAfter,
  type Reading,
  resumedAfter,
  type SessionState,
  type SignedOutWhy,
} from './session-state.ts';
import { toSignedIn } from './signed-in.ts';
import { createWaiters } from './waiters.ts';

/** Who is signed in, for all of the page. */
export interface SessionStore {
  subscribe(listener: () => void): () => void;
  getSnapshot(): SessionState;
  /** Asks the server anew; settles when it has answered, or could not. */
  refresh(): Promise<void>;
  /**
   * Somebody has just signed in by this page. `path` is where to go if it is another person than before, for then the page is loaded anew. Fails with an `AppError`
   * where it could not be found out who it is.
   */
  signedIn(path?: string): Promise<void>;
  /** Whether something that is not saved would be lost by signing out here. */
  isWorkHeld(): boolean;
  /** Signs out in all tabs, and forgets what is not saved in them. Fails with an `AppError` where the server could not be told: then the person is still signed in. */
  signOut(): Promise<void>;
  /** The person wants to stay: puts the end off. Fails with an `AppError` where the server could not be told. */
  stay(): Promise<void>;
  /** The person did something on the page, which the server may not have seen. */
  noteInput(): void;
  /** A call was refused in a way that raises doubt about what this page knows of the session. */
  doubt(): void;
  /** Keeps the page through an end of the session, for there is unsaved work on it, until the returned function is called. */
  holdWork(): () => void;
  /** Settles once the person has signed in again: true. False where they left instead. */
  signInAgain(): Promise<boolean>;
  /** Lets the person sign in again before the session ends. */
  interrupt(): void;
  /** The person has thought better of that. */
  resume(): void;
  /** Gives up what an interruption keeps. */
  abandon(): void;
  /** Settles once the person has confirmed who they are: true. False where they declined. */
  confirm(): Promise<boolean>;
  /** The person has confirmed who they are, or declined to. */
  settleConfirmation(isConfirmed: boolean): Promise<void>;
  close(): void;
}

/** Whether the person caused a call, or the page by itself, which does not keep a session alive. */
export type CalledBy = 'person' | 'page';

export interface SessionParts {
  /** Calls GetSession. Fails with an `AppError`. */
  read(by: CalledBy): Promise<GetSessionResponse>;
  /** Calls SignOut. Fails with an `AppError`. */
  signOut(): Promise<void>;
  readonly scheduler: Scheduler;
  readonly page: PageSignals;
  readonly channel: SessionChannel;
  /** They outlive a session that has ended, and none that its person has left. */
  readonly drafts: Drafts;
  readonly random: () => number;
  /** Loads the page anew, so that nothing of it stays in memory; at its address of now if none is given. */
  reload(path?: string): void;
}

/** How often what the person does on the page is told to the server, where no other call has told it. */
const inputToldMs = 5 * 60_000;
/** A page that comes into view asks anew if it has not for so long. */
const viewPatienceMs = 60_000;
/** While somebody looks a server that is away is asked often (docs/decisions/0014). */
const retryLimits = { firstMs: 1000, maxMs: 30_000, maxSeenMs: 3000 } as const;

/** Opens the session of the page, and asks at once whose it is. */
export function openSession({
  read,
  signOut,
  scheduler,
  page,
  channel,
  drafts,
  random,
  reload,
}: SessionParts): SessionStore {
  let state: SessionState = { kind: 'opening', visit: 0 };
  let readAt = Number.NEGATIVE_INFINITY;
  let newestReading = 0;
  let failures = 0;
  let isTelling = false;
  /** What the person does is not told before, because the last time it could not be. */
  let tellsAgainAt = Number.NEGATIVE_INFINITY;
  let cancelTimer: (() => void) | undefined;
  const listeners = new Set<() => void>();
  const work = new Set<symbol>();
  const waiting = { signIn: createWaiters(), confirmation: createWaiters() };

  function move(next: SessionState): void {
    if (next !== state) {
      state = next;
      for (const listener of [...listeners]) listener();
    }
    schedule();
  }

  async function refresh(by: CalledBy = 'page', path?: string): Promise<Reading> {
    newestReading += 1;
    const mine = newestReading;
    const reading = await readOnce(by);
    // An older answer may not know yet who has signed in or out since.
    if (mine === newestReading) accept(reading, path);
    return reading;
  }

  async function readOnce(by: CalledBy): Promise<Reading> {
    try {
      const answer = await read(by);
      return { kind: 'somebody', signedIn: toSignedIn(answer, scheduler.now()) };
    } catch (thrown) {
      const error = thrown as AppError;
      return error.kind === 'signed-out' ? { kind: 'nobody' } : { kind: 'failed', error };
    }
  }

  function accept(reading: Reading, path: string | undefined): void {
    const now = scheduler.now();
    failures = reading.kind === 'failed' ? failures + 1 : 0;
    readAt = reading.kind === 'failed' ? readAt : now;
    const retryAt = now + retryDelayMs();
    const isWorkHeld = work.size > 0 || waiting.signIn.count() > 0 || waiting.confirmation.count() > 0;
    const next = afterReading(state, reading, { now, isWorkHeld, retryAt });
    if (!next) {
      replaced(path);
      return;
    }
    const wasInterrupted = state.kind === 'interrupted';
    move(next);
    if (next.kind !== 'signed-in') return;
    waiting.signIn.settle(true);
    // Who has just signed in has confirmed who they are.
    if (wasInterrupted) waiting.confirmation.settle(true);
  }

  /** Somebody else is signed in: nothing of this page is theirs. */
  function replaced(path: string | undefined): void {
    leave('ended');
    reload(path);
  }

  function leave(why: SignedOutWhy): void {
    // What is still on its way is about a session that this page is done with.
    newestReading += 1;
    move(leftAfter(state, why));
    waiting.signIn.settle(false);
    waiting.confirmation.settle(false);
  }

  function visitorId(): string | undefined {
    return state.kind === 'signed-in' || state.kind === 'interrupted' ? state.signedIn.user.id : undefined;
  }

  function leaveForGood(): void {
    const personId = visitorId();
    leave('left');
    if (personId !== undefined) drafts.forget(personId);
    reload('/sign-in');
  }

  /** Jittered, so that many pages do not come back at once. */
  function retryDelayMs(): number {
    const maxMs = page.isVisible() ? retryLimits.maxSeenMs : retryLimits.maxMs;
    return Math.round(Math.min(maxMs, retryLimits.firstMs * 2 ** failures) * (0.5 + random() / 2));
  }

  /** Plans the next time at which the server is asked. */
  function schedule(): void {
    cancelTimer?.();
    cancelTimer = undefined;
    const now = scheduler.now();
    const at = nextCheckAt(state, now, failures > 0 ? retryDelayMs() : 0);
    if (at !== undefined) cancelTimer = scheduler.after(Math.max(0, at - now), () => void refresh());
  }

  const unsubscribePage = page.subscribe((signal) => {
    if (signal === 'return' && state.kind === 'signed-in') move({ ...state, isHidden: true, failure: undefined });
    const isBack = signal === 'return' || signal === 'visible' || signal === 'online';
    const isOld = scheduler.now() - readAt > viewPatienceMs;
    if (signal === 'return' || (isBack && (isOld || state.kind === 'failed'))) void refresh();
  });
  const unsubscribeChannel = channel.subscribe((news) => {
    if (news === 'signed-out') {
      if (state.kind !== 'signed-out') leaveForGood();
    } else void refresh();
  });

  void refresh();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => state,
    async refresh() {
      await refresh();
    },
    async signedIn(path) {
      const reading = await refresh('page', path);
      channel.tell('signed-in');
      if (reading.kind === 'nobody') throw notKept;
      if (reading.kind === 'failed') throw reading.error;
    },
    isWorkHeld() {
      const personId = visitorId();
      return work.size > 0 || (personId !== undefined && drafts.has(personId));
    },
    async signOut() {
      await signOut().catch((error: AppError) => {
        if (error.kind !== 'signed-out') throw error;
      });
      channel.tell('signed-out');
      leaveForGood();
    },
    async stay() {
      const reading = await refresh('person');
      if (reading.kind === 'failed') throw reading.error;
      channel.tell('changed');
    },
    noteInput() {
      const now = scheduler.now();
      if (state.kind !== 'signed-in' || isTelling || now < tellsAgainAt) return;
      if (now - state.signedIn.lastActiveAt < inputToldMs) return;
      isTelling = true;
      void refresh('person').then(({ kind }) => {
        isTelling = false;
        tellsAgainAt = kind === 'failed' ? scheduler.now() + retryDelayMs() : Number.NEGATIVE_INFINITY;
      });
    },
    doubt() {
      if (state.kind === 'signed-in') void refresh();
    },
    holdWork() {
      const mark = Symbol();
      work.add(mark);
      return () => work.delete(mark);
    },
    signInAgain() {
      if (state.kind === 'signed-out') return Promise.resolve(false);
      const answer = waiting.signIn.wait();
      if (state.kind === 'signed-in') void refresh();
      return answer;
    },
    interrupt() {
      if (state.kind === 'signed-in') move(interruptedAfter(state, true));
    },
    resume() {
      if (state.kind !== 'interrupted' || !state.isStanding) return;
      move(resumedAfter(state, { now: scheduler.now(), isConfirming: waiting.confirmation.count() > 0 }));
      void refresh();
    },
    abandon: () => leave('ended'),
    confirm() {
      if (state.kind !== 'signed-in') return Promise.resolve(false);
      move({ ...state, isConfirming: true });
      return waiting.confirmation.wait();
    },
    async settleConfirmation(isConfirmed) {
      if (state.kind === 'signed-in') move({ ...state, isConfirming: false });
      if (isConfirmed) {
        await refresh();
        channel.tell('changed');
      }
      waiting.confirmation.settle(isConfirmed);
    },
    close() {
      unsubscribePage();
      unsubscribeChannel();
      cancelTimer?.();
      listeners.clear();
    },
  };
}

const notKept: AppError = {
  kind: 'fault',
  message: 'You have signed in, but the browser has not kept the session. It may refuse cookies here.',
};
