/** How often a stream is sent something while changes keep coming: often enough to be live, seldom enough to leave the processor to others. */
export interface Pace {
  /** The streams that are open. */
  readonly streams: number;
  /** The time in which each stream is sent to once, in milliseconds. */
  readonly windowMs: number;
  /** A stream has opened (1) or closed (-1). */
  onStream(by: 1 | -1): void;
  /** So many changes are on their way to the streams. */
  flushed(changes: number): void;
}

/** In so many parts of a window is read and sent, each part to other streams. */
export const partsOfWindow = 4;

const minWindowMs = 50;
const maxWindowMs = 250;
/** What a message costs on its way through server and proxy, in milliseconds. */
const costMs = 0.05;
/** The part of a processor that sending may take. */
const share = 0.25;
/** So many changes a second at all streams together make the window longest: then each message carries many, and waiting saves most of its cost. */
const fullLoad = 80_000;

/** The window grows with the streams, so that many small batches do not eat the processor, and with what is sent to all of them. */
export function windowFor(streams: number, changesPerSecond: number): number {
  const forMessages = (streams * costMs) / share;
  const forChanges = (streams * changesPerSecond * maxWindowMs) / fullLoad;
  return Math.min(maxWindowMs, Math.max(minWindowMs, forMessages, forChanges));
}

export function createPace(): Pace {
  let streams = 0;
  let flushedAt = Number.NEGATIVE_INFINITY;
  let changesPerSecond = 0;
  return {
    get streams() {
      return streams;
    },
    get windowMs() {
      return windowFor(streams, changesPerSecond);
    },
    onStream(by) {
      streams += by;
    },
    flushed(changes) {
      const now = performance.now();
      const ms = Math.max(minWindowMs / partsOfWindow, now - flushedAt);
      // What was longer ago than a window counts little: single reads bring now more, now less.
      const weight = 1 - Math.exp(-ms / maxWindowMs);
      changesPerSecond += weight * ((changes * 1000) / ms - changesPerSecond);
      flushedAt = now;
    },
  };
}
