import type { Encoded } from '../rpc/context.ts';
import type { LivePart } from '../rpc/live-part.ts';

/** The messages of a live part, for a reader that takes one at a time: nothing more is made until it asks. Stops the part when the reader does, or the signal aborts. */
export async function* liveMessages(part: LivePart, signal?: AbortSignal): AsyncGenerator<Encoded, void> {
  const waiting: Encoded[] = [];
  let ended: { readonly failure: unknown } | undefined;
  let wake: () => void = () => undefined;
  const end = (failure?: unknown) => {
    if (ended) return;
    ended = { failure };
    part.stop();
    wake();
  };
  const onAbort = () => end();
  if (signal?.aborted) return;
  signal?.addEventListener('abort', onAbort);
  part.start({
    write(message) {
      waiting.push(message);
      wake();
      return false;
    },
    end,
  });
  try {
    for (;;) {
      const message = waiting.shift();
      if (message) {
        yield message;
        if (!ended && waiting.length === 0) part.onRoom();
      } else if (ended) {
        if (ended.failure !== undefined) throw ended.failure;
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    end();
  }
}
