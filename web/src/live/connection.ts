import type { AppError } from '../rpc/app-error.ts';

/** How fresh the rows on screen are. Times are epoch milliseconds. */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live'; readonly since: number }
  /** This browser shows as many live lists as it has connections for; this one is read anew every so often. */
  | { readonly kind: 'polling'; readonly everyMs: number }
  | { readonly kind: 'catching-up'; readonly behind: number }
  | { readonly kind: 'reconnecting'; readonly retryAt: number; readonly lastFrameAt: number; readonly error: AppError }
  | { readonly kind: 'stale'; readonly since: number }
  | { readonly kind: 'offline'; readonly lastFrameAt: number }
  | { readonly kind: 'refused'; readonly error: AppError };

/** What happens to the feed. */
export type ConnectionEvent =
  | { readonly kind: 'attempt' }
  /** Every change up to now has been seen. */
  | { readonly kind: 'caught-up' }
  /** There is no connection left for a feed; the list was read instead. */
  | { readonly kind: 'polled'; readonly everyMs: number }
  | { readonly kind: 'behind'; readonly count: number }
  /** Nothing came for too long, or the page has let go while nobody looked. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'lost'; readonly error: AppError; readonly retryAt: number }
  | { readonly kind: 'went-offline' }
  | { readonly kind: 'refused'; readonly error: AppError };

/** When it happened, and when the last sign of life came before it. */
export interface Moment {
  readonly now: number;
  readonly lastFrameAt: number;
}

/** The state after an event. A state that says nothing new is kept as the same object. */
export function nextConnection(state: Connection, event: ConnectionEvent, { now, lastFrameAt }: Moment): Connection {
  switch (event.kind) {
    case 'attempt':
      return afterAttempt(state, now);
    case 'caught-up':
      return state.kind === 'live' ? state : { kind: 'live', since: now };
    case 'polled':
      return state.kind === 'polling' ? state : { kind: 'polling', everyMs: event.everyMs };
    case 'behind':
      return state.kind === 'catching-up' && state.behind === event.count
        ? state
        : { kind: 'catching-up', behind: event.count };
    case 'silent':
      return state.kind === 'stale' || state.kind === 'refused' ? state : { kind: 'stale', since: lastFrameAt };
    case 'lost':
      return { kind: 'reconnecting', retryAt: event.retryAt, lastFrameAt, error: event.error };
    case 'went-offline':
      return state.kind === 'offline' || state.kind === 'refused' ? state : { kind: 'offline', lastFrameAt };
    case 'refused':
      return { kind: 'refused', error: event.error };
  }
}

/** An attempt promises nothing yet: what was said of old rows stays said until something comes. */
function afterAttempt(state: Connection, now: number): Connection {
  switch (state.kind) {
    case 'connecting':
    case 'polling':
    case 'stale':
    case 'offline':
      return state;
    case 'refused':
      return { kind: 'connecting' };
    case 'live':
    case 'catching-up':
      return { kind: 'catching-up', behind: 0 };
    case 'reconnecting':
      return { ...state, retryAt: Math.min(state.retryAt, now) };
  }
}
