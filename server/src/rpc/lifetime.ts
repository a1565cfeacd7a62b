import type { ServerDuplexStream } from '@grpc/grpc-js';
import { Code, errorInfo, RpcError } from './rpc-error.ts';

/** How long before the deadline the call is ended, so that our answer with its details goes out before grpc-js' own without. */
const leadMs = 2;

export interface Lifetime {
  readonly signal: AbortSignal;
  readonly deadline: Date | undefined;
  /** Aborts the signal for a reason of ours. */
  abort(reason: RpcError): void;
  /** Aborts the signal unless what it returns is called within the time. */
  expectRequest(requestMs: number): () => void;
  /** Releases the timers. What happens to the stream afterwards no longer aborts the signal: grpc-js reports 'cancelled' after every call. */
  end(): void;
}

/** Watches one call for its deadline and for its caller going away. */
export function watchLifetime(stream: ServerDuplexStream<unknown, Buffer>): Lifetime {
  const controller = new AbortController();
  const deadline = Number(stream.getDeadline());
  const onDeadline = (): void => controller.abort(deadlineExceeded());
  const onCancelled = (): void => controller.abort(Date.now() >= deadline - leadMs ? deadlineExceeded() : cancelled());
  stream.once('cancelled', onCancelled);
  const timer = Number.isFinite(deadline)
    ? setTimeout(onDeadline, Math.max(deadline - leadMs - Date.now(), 0))
    : undefined;
  let requestTimer: NodeJS.Timeout | undefined;
  if (stream.cancelled) onCancelled();
  return {
    signal: controller.signal,
    deadline: Number.isFinite(deadline) ? new Date(deadline) : undefined,
    abort: (reason) => controller.abort(reason),
    expectRequest(requestMs) {
      requestTimer = setTimeout(() => controller.abort(requestTooSlow(requestMs)), requestMs);
      return () => clearTimeout(requestTimer);
    },
    end() {
      clearTimeout(timer);
      clearTimeout(requestTimer);
      stream.off('cancelled', onCancelled);
    },
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
