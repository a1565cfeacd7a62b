import type { ServerDuplexStream } from '@grpc/grpc-js';
import { Code, errorInfo, RpcError } from './rpc-error.ts';

/**
 * How long before the deadline the call is ended, so that our answer with its details goes out before grpc-js' own without, on a busy machine too. Callers keep the
 * deadline themselves and would no longer hear an answer that leaves at the last moment.
 */
function leadOf(timeoutMs: number): number {
  return Math.min(25, Math.max(2, timeoutMs * 0.02));
}

/** Watches one call for its deadline and for its caller going away. */
export class Lifetime {
  readonly deadline: Date | undefined;
  readonly #stream: ServerDuplexStream<unknown, Buffer>;
  readonly #controller = new AbortController();
  /** In epoch milliseconds. */
  readonly #endsAt: number;
  readonly #deadlineTimer: NodeJS.Timeout | undefined;
  #requestTimer: NodeJS.Timeout | undefined;

  constructor(stream: ServerDuplexStream<unknown, Buffer>) {
    this.#stream = stream;
    const deadline = Number(stream.getDeadline());
    const now = Date.now();
    this.#endsAt = deadline - leadOf(deadline - now);
    if (Number.isFinite(deadline)) {
      this.deadline = new Date(deadline);
      this.#deadlineTimer = setTimeout(() => this.abort(deadlineExceeded()), Math.max(this.#endsAt - now, 0));
    }
    stream.once('cancelled', this.#onCancelled);
    if (stream.cancelled) this.#onCancelled();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Aborts the signal for a reason of ours. */
  abort(reason: RpcError): void {
    this.#controller.abort(reason);
  }

  /** Aborts the signal unless what it returns is called within the time. */
  expectRequest(requestMs: number): () => void {
    this.#requestTimer = setTimeout(() => this.abort(requestTooSlow(requestMs)), requestMs);
    return () => clearTimeout(this.#requestTimer);
  }

  /** Releases the timers. What happens to the stream afterwards no longer aborts the signal: grpc-js reports 'cancelled' after every call. */
  end(): void {
    clearTimeout(this.#deadlineTimer);
    clearTimeout(this.#requestTimer);
    this.#stream.off('cancelled', this.#onCancelled);
  }

  readonly #onCancelled = (): void => {
    this.abort(Date.now() >= this.#endsAt ? deadlineExceeded() : cancelled());
  };
}

/** Settles as the promise does, or rejects with the signal's reason as soon as that is aborted. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function deadlineExceeded(): RpcError {
  return new RpcError(Code.DEADLINE_EXCEEDED, 'The deadline passed before the call was answered.', [
    errorInfo('DEADLINE_EXCEEDED'),
  ]);
}

function requestTooSlow(requestMs: number): RpcError {
  return new RpcError(Code.DEADLINE_EXCEEDED, `The request did not arrive within ${requestMs / 1000} s.`, [
    errorInfo('REQUEST_TOO_SLOW'),
  ]);
}

function cancelled(): RpcError {
  return new RpcError(Code.CANCELLED, 'The caller cancelled the call.', [errorInfo('CANCELLED')]);
}
