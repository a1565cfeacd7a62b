import type { ServerDuplexStream } from '@grpc/grpc-js';
import { Code, errorInfo, RpcError } from './rpc-error.ts';

/** How long before the deadline the call is ended, so that our answer with its details goes out before grpc-js' own without. */
const leadMs = 2;

/** Watches one call for its deadline and for its caller going away. */
export class Lifetime {
  readonly deadline: Date | undefined;
  readonly #stream: ServerDuplexStream<unknown, Buffer>;
  readonly #controller = new AbortController();
  readonly #deadlineTimer: NodeJS.Timeout | undefined;
  #requestTimer: NodeJS.Timeout | undefined;

  constructor(stream: ServerDuplexStream<unknown, Buffer>) {
    this.#stream = stream;
    const deadline = Number(stream.getDeadline());
    if (Number.isFinite(deadline)) {
      this.deadline = new Date(deadline);
      const inMs = Math.max(deadline - leadMs - Date.now(), 0);
      this.#deadlineTimer = setTimeout(() => this.abort(deadlineExceeded()), inMs);
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
    const deadline = this.deadline?.getTime() ?? Number.POSITIVE_INFINITY;
    this.abort(Date.now() >= deadline - leadMs ? deadlineExceeded() : cancelled());
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
