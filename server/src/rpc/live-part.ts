import type { Encoded } from './context.ts';

/** Where a live part sends its messages. */
export interface Outlet {
  /** Sends a message. False where there is no room for another: `onRoom` is called when there is. */
  write(message: Encoded): boolean;
  /** Ends the call, well (undefined) or with what it fails with, and stops the part. */
  end(failure?: unknown): void;
}

/**
 * What a stream of responses is once its handler has sent what it had at once: something that is told when there may be more to send. A handler returns it.
 *
 * A generator that waits would do the same, but it holds a stack of frames for each open stream and takes a dozen turns of promises for each message.
 */
export interface LivePart {
  /** Begins. Called once, and first. */
  start(outlet: Outlet): void;
  /** There is room for messages again. */
  onRoom(): void;
  /** The call is over: what would be written now reaches nobody. Called once, at the latest before anything else can happen; it may be while `start` runs. */
  stop(): void;
}

export function isLivePart(value: unknown): value is LivePart {
  return typeof value === 'object' && value !== null && 'start' in value && 'onRoom' in value && 'stop' in value;
}
