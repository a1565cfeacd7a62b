import { CallCancelled, rpcFailure } from './rpc-failure.ts';

/** The span that `grpc-timeout` can say in milliseconds: eight digits. */
const maxTimeoutMs = 99_999_999;

/** How long an answer may stay open after its trailers. */
const restMs = 500;

/**
 * Rounds a timeout to what can travel: whole milliseconds, at least 1 and at most eight digits. 0 where the time is already over,
 * undefined where there is no limit.
 *
 * The server would read `1234.5m` as 5 ms and nine digits as none at all.
 */
export function normaliseTimeoutMs(timeout: number | Date | undefined, nowMs: number): number | undefined {
  if (timeout === undefined || timeout === Number.POSITIVE_INFINITY) return undefined;
  const timeoutMs = typeof timeout === 'number' ? timeout : timeout.getTime() - nowMs;
  if (Number.isNaN(timeoutMs)) throw rpcFailure('INTERNAL', 'The timeout of the call is not a number.');
  return timeoutMs <= 0 ? 0 : Math.min(Math.ceil(timeoutMs), maxTimeoutMs);
}

/** What can end a call before the server does. */
export interface CallLife {
  /** Aborted by whichever comes first: the caller, the deadline, `end`. */
  readonly signal: AbortSignal;
  /** Throws if the caller or the deadline has ended the call. */
  throwIfOver(): void;
  /** Says what a thrown value means. The caller and the deadline are told from their own marks, because the value depends on the browser. */
  explain(thrown: unknown): Error;
  /** Ends the HTTP exchange and the timer. Safe to repeat. */
  end(): void;
  /** Ends the timer, and the HTTP exchange only if it has not ended by itself shortly after: a connection is used again only if its answer was read out. */
  endAfter(rest: Promise<void>): void;
}

/** Starts the clock of a call. The deadline is kept here too, because `grpc-timeout` alone ends nothing when no server answers. */
export function startCallLife(caller: AbortSignal | undefined, timeoutMs: number | undefined): CallLife {
  const exchange = new AbortController();
  let over: 'cancelled' | 'expired' | undefined;
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => stop('expired'), timeoutMs);
  const onAbort = () => stop('cancelled');
  if (caller?.aborted) onAbort();
  else caller?.addEventListener('abort', onAbort);

  function stop(why: 'cancelled' | 'expired'): void {
    over ??= why;
    end();
  }

  function end(): void {
    clearTimeout(timer);
    caller?.removeEventListener('abort', onAbort);
    exchange.abort();
  }

  function endAfter(rest: Promise<void>): void {
    clearTimeout(timer);
    const patience = setTimeout(end, restMs);
    rest.then(end, end).finally(() => clearTimeout(patience));
  }

  function overError(): Error | undefined {
    if (over === 'cancelled') return new CallCancelled();
    return over && rpcFailure('DEADLINE_EXCEEDED', 'The call took longer than its deadline.');
  }

  return {
    signal: exchange.signal,
    throwIfOver() {
      const error = overError();
      if (error) throw error;
    },
    explain: (thrown) => overError() ?? asRpcError(thrown),
    end,
    endAfter,
  };
}

/** Everything that `fetch` throws by itself is the network's failure, which the browser tells no further. */
function asRpcError(thrown: unknown): Error {
  if (thrown instanceof Error && thrown.name === 'RpcError') return thrown;
  return rpcFailure('UNAVAILABLE', thrown instanceof Error ? thrown.message : String(thrown));
}
