import type { AppError } from '../rpc/app-error.ts';
import { endOf, type SignedIn } from './signed-in.ts';

/** The end of a session that is near. */
export interface Ending {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Nothing puts it off but signing in again. */
  readonly isFinal: boolean;
}

/** It could not be found out who is signed in; it is tried again. */
export interface Failure {
  readonly error: AppError;
  /** Epoch milliseconds. */
  readonly retryAt: number;
}

/**
 * Whether somebody is signed in, as far as this page knows.
 *
 * `visit` counts the times that somebody has left: what was drawn, read and remembered in one is gone in the next.
 */
export type SessionState =
  /** The page has just been opened; nothing is known. */
  | { readonly kind: 'opening'; readonly visit: number }
  | ({ readonly kind: 'failed'; readonly visit: number } & Failure)
  | {
      readonly kind: 'signed-out';
      readonly visit: number;
      readonly why: SignedOutWhy;
      /** Whose visit has just ended. */
      readonly personId: string | undefined;
    }
  | {
      readonly kind: 'signed-in';
      readonly visit: number;
      readonly signedIn: SignedIn;
      /** The page came back out of the browser's memory: what it shows is hidden until the server has said that it may be seen. */
      readonly isHidden: boolean;
      /** Why the server has not said so yet, and when it is asked again. */
      readonly failure: Failure | undefined;
      readonly ending: Ending | undefined;
      /** A call waits for the person to confirm who they are. */
      readonly isConfirming: boolean;
    }
  /** The person has to sign in again in the middle of work, which is kept, unseen. */
  | {
      readonly kind: 'interrupted';
      readonly visit: number;
      readonly signedIn: SignedIn;
      /** The session still stands: its person signs in anew before it ends. */
      readonly isStanding: boolean;
    };

export type SignedOutWhy =
  /** Nobody was signed in when the page was opened. */
  | 'nobody'
  /** The person has signed out, here or in another tab. */
  | 'left'
  /** The session was over: its time, or somebody ended it. */
  | 'ended';

/** What the server said when it was asked who is signed in. */
export type Reading =
  | { readonly kind: 'somebody'; readonly signedIn: SignedIn }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'failed'; readonly error: AppError };

export interface Moment {
  readonly now: number;
  /** There is work on screen that is not saved, or a call that waits. */
  readonly isWorkHeld: boolean;
  /** When a failed reading is repeated. */
  readonly retryAt: number;
}

/** So long before its end one is told. */
export const warningMs = 2 * 60_000;

/** The state after a reading; undefined where somebody else is signed in by now, and the page must be loaded anew. */
export function afterReading(state: SessionState, reading: Reading, moment: Moment): SessionState | undefined {
  switch (reading.kind) {
    case 'somebody':
      return afterSomebody(state, reading.signedIn, moment.now);
    case 'nobody':
      return afterNobody(state, moment.isWorkHeld);
    case 'failed':
      return afterFailure(state, reading.error, moment);
  }
}

function afterSomebody(state: SessionState, signedIn: SignedIn, now: number): SessionState | undefined {
  const isVisited = state.kind === 'signed-in' || state.kind === 'interrupted';
  if (isVisited && state.signedIn.user.id !== signedIn.user.id) return undefined;
  if (state.kind === 'interrupted' && state.isStanding && state.signedIn.sessionId === signedIn.sessionId) return state;
  const isConfirming = state.kind === 'signed-in' && state.isConfirming;
  return signedInAs(state.visit, signedIn, now, isConfirming);
}

function signedInAs(visit: number, signedIn: SignedIn, now: number, isConfirming: boolean): SessionState {
  const end = endOf(signedIn);
  const ending = end.at - now <= warningMs ? end : undefined;
  return { kind: 'signed-in', visit, signedIn, isHidden: false, failure: undefined, ending, isConfirming };
}

function afterNobody(state: SessionState, isWorkHeld: boolean): SessionState {
  switch (state.kind) {
    case 'signed-in':
      return isWorkHeld ? interruptedAfter(state, false) : leftAfter(state, 'ended');
    case 'interrupted':
      return interruptedAfter(state, false);
    case 'signed-out':
      return state;
    case 'opening':
    case 'failed':
      return { kind: 'signed-out', visit: state.visit, why: 'nobody', personId: undefined };
  }
}

/** A session whose time is over by the server's clock is over, also where the server cannot be asked. */
function afterFailure(state: SessionState, error: AppError, { now, isWorkHeld, retryAt }: Moment): SessionState {
  switch (state.kind) {
    case 'signed-in':
      if (endOf(state.signedIn).at <= now) return afterNobody(state, isWorkHeld);
      return state.isHidden ? { ...state, failure: { error, retryAt } } : state;
    case 'opening':
    case 'failed':
      return { kind: 'failed', visit: state.visit, error, retryAt };
    case 'interrupted':
    case 'signed-out':
      return state;
  }
}

/** The visit is over. */
export function leftAfter(state: SessionState, why: SignedOutWhy): SessionState {
  const isVisited = state.kind === 'signed-in' || state.kind === 'interrupted';
  const personId = isVisited ? state.signedIn.user.id : undefined;
  return { kind: 'signed-out', visit: state.visit + 1, why, personId };
}

/** The person has thought better of signing in before the session ends: it goes on as it was. */
export function resumedAfter(
  { visit, signedIn }: SessionState & { readonly kind: 'interrupted' },
  { now, isConfirming }: { readonly now: number; readonly isConfirming: boolean },
): SessionState {
  return signedInAs(visit, signedIn, now, isConfirming);
}

export function interruptedAfter(
  { visit, signedIn }: SessionState & { readonly kind: 'signed-in' | 'interrupted' },
  isStanding: boolean,
): SessionState {
  return { kind: 'interrupted', visit, signedIn, isStanding };
}
