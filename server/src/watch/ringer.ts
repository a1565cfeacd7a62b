/** Rings for many streams, some at a time: between them calls are answered, which a change that concerns thousands would otherwise keep waiting. */
export interface Ringer {
  /** Each of them is rung soon, once, however often it is asked for until then. */
  ring(streams: Iterable<Ringable>): void;
}

interface Ringable {
  ring(): void;
}

/** A message to a stream takes some 50 µs, so a turn of the event loop takes some 3 ms. */
const streamsATurn = 64;

export function createRinger(): Ringer {
  const waiting = new Set<Ringable>();
  let isUnderWay = false;

  function turn(): void {
    let left = streamsATurn;
    for (const stream of waiting) {
      if (left === 0) break;
      left -= 1;
      waiting.delete(stream);
      stream.ring();
    }
    isUnderWay = waiting.size > 0;
    if (isUnderWay) setImmediate(turn);
  }

  return {
    ring(streams) {
      for (const stream of streams) waiting.add(stream);
      if (!isUnderWay) turn();
    },
  };
}
