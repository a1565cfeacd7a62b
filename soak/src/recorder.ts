import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type RecordedEvent, type Recording, type SubscriberEvent, toLines } from './recording.ts';

/** Takes down what is seen of a run, in the order in which it is seen. */
export interface Recorder {
  add(event: RecordedEvent): void;
  readonly recording: Recording;
  readonly counts: RunCounts;
}

export interface RunCounts {
  /** Rows and removals that subscribers were told. */
  events: number;
  resumes: number;
  snapshots: number;
  acknowledged: number;
  refused: number;
  unknown: number;
}

export function createRecorder(): Recorder {
  const recording: RecordedEvent[] = [];
  const counts: RunCounts = { events: 0, resumes: 0, snapshots: 0, acknowledged: 0, refused: 0, unknown: 0 };
  return {
    recording,
    counts,
    add(event) {
      recording.push(event);
      if (event.kind === 'changes') counts.events += event.upserts.length + event.removals.length;
      else if (event.kind === 'page') counts.events += event.rows.length;
      else if (event.kind === 'resumed') counts.resumes += 1;
      else if (event.kind === 'begin') counts.snapshots += 1;
      else if (event.kind === 'write')
        counts[event.outcome === 'failed' ? 'refused' : event.outcome === 'unknown' ? 'unknown' : 'acknowledged'] += 1;
    },
  };
}

/** What a subscriber adds of an event by itself; the rest is the same for all of its events. */
export type Told = SubscriberEvent extends infer E
  ? E extends SubscriberEvent
    ? Omit<E, 'at' | 'subscriber' | 'stream'>
    : never
  : never;

/** Epoch milliseconds that never go back and have fractions. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

export async function saveRecording(recording: Recording, path: string): Promise<void> {
  await pipeline(Readable.from(toLines(recording)), createWriteStream(path));
}
