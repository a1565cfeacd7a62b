import type { CallContext, Encoded } from './context.ts';
import { untilAborted } from './lifetime.ts';
import { isLivePart, type LivePart } from './live-part.ts';
import type { ResponseSink } from './response-sink.ts';
import { asBuffer, type BoundMethod } from './service.ts';

/**
 * Sends the handler's responses until it ends, fails or the call is aborted. A handler that does not obey the signal is left behind. Resolves with the live part
 * that the stream goes on with, if the handler has returned one.
 */
export async function sendResponses(
  method: BoundMethod,
  requests: AsyncIterable<unknown>,
  context: CallContext,
  sink: ResponseSink,
  sendHeaders: () => void,
): Promise<LivePart | undefined> {
  const { signal } = context;
  const responses = method.respond(requests, context, sendHeaders)[Symbol.asyncIterator]();
  let isExhausted = false;
  const pump = async (): Promise<LivePart | undefined> => {
    for (;;) {
      const { done, value } = await responses.next();
      isExhausted = done === true;
      if (isExhausted) return isLivePart(value) ? value : undefined;
      if (signal.aborted) return undefined;
      const bytes = method.encode(value);
      sendHeaders();
      if (!sink.write(bytes)) await roomIn(sink);
    }
  };
  try {
    return await untilAborted(pump(), signal);
  } finally {
    // Not awaited: a generator takes it in only when its own wait is over.
    if (!isExhausted) responses.return?.().then(undefined, () => undefined);
  }
}

function roomIn(sink: ResponseSink): Promise<void> {
  return new Promise((resolve, reject) => {
    sink.whenRoom((failure) => (failure ? reject(failure) : resolve()));
  });
}

/** Lets a live part send until it ends or the call is aborted. It is stopped in the same moment: nothing that is told afterwards reaches it. */
export function runLivePart(part: LivePart, sink: ResponseSink, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    let isOver = false;
    const end = (failure?: unknown): void => {
      if (isOver) return;
      isOver = true;
      signal.removeEventListener('abort', onAbort);
      part.stop();
      if (failure === undefined) resolve();
      else reject(failure);
    };
    const onAbort = (): void => end(signal.reason);
    const onRoom = (failure?: unknown): void => {
      if (failure !== undefined) end(failure);
      else if (!isOver) part.onRoom();
    };
    const write = (message: Encoded): boolean => {
      if (isOver) return false;
      if (sink.write(asBuffer(message))) return true;
      sink.whenRoom(onRoom);
      return false;
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      part.start({ write, end });
    } catch (error) {
      end(error);
    }
  });
}
