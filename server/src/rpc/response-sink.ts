import type { ServerDuplexStream } from '@grpc/grpc-js';
import { aborted } from './rpc-error.ts';

/** What may wait unsent for one reader before its handler is paused. */
const waitingMessagesMax = 16;
const waitingBytesMax = 256 * 1024;

export interface ResponseSink {
  /** Sends a message and resolves when there is room for another. Rejects with ABORTED, SLOW_READER, when the reader makes no room in time. */
  write(bytes: Buffer): Promise<void> | undefined;
}

/**
 * Paces one call's responses by its reader. Counting what is still unsent, rather than waiting for 'drain', bounds the bytes as well as the messages, and the wait itself.
 */
export function createResponseSink(
  stream: ServerDuplexStream<unknown, Buffer>,
  signal: AbortSignal,
  blockedStreamMs: number,
): ResponseSink {
  let waitingMessages = 0;
  let waitingBytes = 0;
  let onRoom: (() => void) | undefined;

  const isFull = (): boolean => waitingMessages >= waitingMessagesMax || waitingBytes >= waitingBytesMax;

  const room = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (finish: () => void) => () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        onRoom = undefined;
        finish();
      };
      const onAbort = settle(() => reject(signal.reason));
      const timer = setTimeout(
        settle(() => reject(slowReader())),
        blockedStreamMs,
      );
      onRoom = settle(resolve);
      signal.addEventListener('abort', onAbort, { once: true });
    });

  return {
    write(bytes) {
      waitingMessages += 1;
      waitingBytes += bytes.byteLength;
      stream.write(bytes, () => {
        waitingMessages -= 1;
        waitingBytes -= bytes.byteLength;
        if (!isFull()) onRoom?.();
      });
      return isFull() ? room() : undefined;
    },
  };
}

function slowReader() {
  return aborted(
    'SLOW_READER',
    'The stream was ended because its reader did not keep up. It may be opened again at once.',
  );
}
