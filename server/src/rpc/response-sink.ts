import type { ServerDuplexStream } from '@grpc/grpc-js';
import { aborted, type RpcError } from './rpc-error.ts';

/** What may wait unsent for one reader before its handler is paused. */
const waitingMessagesMax = 16;
const waitingBytesMax = 256 * 1024;

/**
 * Paces one call's responses by its reader. Counting what is still unsent, rather than waiting for 'drain', bounds the bytes as well as the messages, and the wait itself.
 */
export class ResponseSink {
  readonly #stream: ServerDuplexStream<unknown, Buffer>;
  readonly #blockedStreamMs: number;
  #waitingMessages = 0;
  #waitingBytes = 0;
  #settle: ((failure?: RpcError) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: ServerDuplexStream<unknown, Buffer>, blockedStreamMs: number) {
    this.#stream = stream;
    this.#blockedStreamMs = blockedStreamMs;
  }

  /** Sends a message. False where there is no room for another. */
  write(bytes: Buffer): boolean {
    this.#waitingMessages += 1;
    this.#waitingBytes += bytes.byteLength;
    this.#stream.write(bytes, () => {
      this.#waitingMessages -= 1;
      this.#waitingBytes -= bytes.byteLength;
      if (!this.#isFull()) this.#settle?.();
    });
    return !this.#isFull();
  }

  /** Calls back when there is room for another message, or with ABORTED, SLOW_READER, where the reader makes none in time. */
  whenRoom(done: (failure?: RpcError) => void): void {
    this.close();
    this.#settle = (failure) => {
      this.close();
      done(failure);
    };
    this.#timer = setTimeout(() => this.#settle?.(slowReader()), this.#blockedStreamMs);
  }

  /** Waits for nothing any more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#settle = undefined;
  }

  #isFull(): boolean {
    return this.#waitingMessages >= waitingMessagesMax || this.#waitingBytes >= waitingBytesMax;
  }
}

function slowReader(): RpcError {
  return aborted(
    'SLOW_READER',
    'The stream was ended because its reader did not keep up. It may be opened again at once.',
  );
}
