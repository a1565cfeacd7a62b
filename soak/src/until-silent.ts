/** Nothing came for too long from something that had promised a sign of life. */
export class Silence extends Error {}

/** Hands on what comes, and throws if it is waited for longer than the limit. Time that the reader takes for itself does not count. */
export async function* untilSilent<T>(source: AsyncIterable<T>, limitMs: number): AsyncGenerator<T, void, undefined> {
  const messages = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await within(messages.next(), limitMs);
      if (done) return;
      yield value;
    }
  } finally {
    // It may be waiting for a message that never comes.
    void messages.return?.().catch(() => undefined);
  }
}

function within<T>(promise: Promise<T>, limitMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Silence(`nothing came for ${limitMs} ms`)), limitMs);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
