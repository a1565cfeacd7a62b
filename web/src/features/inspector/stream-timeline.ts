import { User } from '@roster/proto/gen/userservice/v1/user';
import { timing } from '@roster/proto/timing';
import { countOf, formatCount, formatDuration } from '../../lib/format-number.ts';
import type { RecordedCall, RecordedFrame } from '../../rpc/recorder.ts';
import { type FeedEvent, toFeedEvent } from '../../rpc/user-feed.ts';

/** What a frame is to whoever follows the stream. */
export interface FrameNote {
  readonly kind: FeedEvent['kind'] | 'message' | 'heartbeat' | 'unreadable' | 'dropped' | 'hidden';
  readonly words: string;
  /** Where the frame announces it. */
  readonly heartbeatMs: number | undefined;
}

export interface TimelineEntry {
  readonly frame: RecordedFrame;
  readonly note: FrameNote;
  /** Since the frame before, or since the call set out. */
  readonly sinceMs: number;
  /** The silence before it was longer than the heartbeat allows. */
  readonly isAfterGap: boolean;
}

/** How late a heartbeat may come before it counts as a gap. */
const lateness = 1.5;

/** The frames of a stream that are still there, each with what it says and the silence before it. */
export function streamTimeline(call: RecordedCall): readonly TimelineEntry[] {
  let before = call.frames.length < call.frameCount ? undefined : call.startedAt;
  let heartbeatMs: number = timing.heartbeatMs;
  return call.frames.map((frame) => {
    const read = noteOf(call, frame);
    const sinceMs = before === undefined ? 0 : frame.at - before;
    // A checkpoint closes a batch of changes at once; one that comes out of silence is the sign of life of an idle stream.
    const isHeartbeat = read.kind === 'checkpoint' && sinceMs >= heartbeatMs / 2;
    const note: FrameNote = isHeartbeat ? { ...read, kind: 'heartbeat' } : read;
    const isAfterGap = isGap(sinceMs, heartbeatMs);
    before = frame.at;
    heartbeatMs = note.heartbeatMs ?? heartbeatMs;
    return { frame, note, sinceMs, isAfterGap };
  });
}

export function isGap(silenceMs: number, heartbeatMs: number = timing.heartbeatMs): boolean {
  return silenceMs > heartbeatMs * lateness;
}

const notes = new WeakMap<RecordedFrame, FrameNote>();

/** Remembered, because a frame is decoded whole for its note, and shown again with each that follows. */
function noteOf(call: RecordedCall, frame: RecordedFrame): FrameNote {
  const known = notes.get(frame);
  if (known) return known;
  const note = readNote(call, frame);
  if (note.kind !== 'dropped') notes.set(frame, note);
  return note;
}

function readNote(call: RecordedCall, { bytes, isHidden }: RecordedFrame): FrameNote {
  const plain = (kind: FrameNote['kind'], words: string): FrameNote => ({ kind, words, heartbeatMs: undefined });
  if (isHidden) return plain('hidden', 'may hold a secret');
  if (!bytes) return plain('dropped', 'had to make room for newer ones');
  try {
    const message = call.method.O.fromBinary(bytes);
    if (!User.is(message) || call.method.O.typeName !== User.typeName) return plain('message', call.method.O.typeName);
    return message.feed ? noteOfEvent(toFeedEvent(message.feed)) : plain('message', message.id);
  } catch (thrown) {
    return plain('unreadable', String(thrown));
  }
}

function noteOfEvent(event: FeedEvent): FrameNote {
  const plain = (words: string): FrameNote => ({ kind: event.kind, words, heartbeatMs: undefined });
  switch (event.kind) {
    case 'begin':
    case 'resumed': {
      const words = [totalWords(event.total), `heartbeat every ${formatDuration(event.heartbeatMs)}`];
      return { kind: event.kind, words: words.filter(Boolean).join(', '), heartbeatMs: event.heartbeatMs };
    }
    case 'changes':
      return plain(
        [
          event.upserts.length > 0 && countOf(event.upserts.length, 'upsert', 'upserts'),
          event.removals.length > 0 && countOf(event.removals.length, 'removal', 'removals'),
        ]
          .filter(Boolean)
          .join(', '),
      );
    case 'end':
      return plain(event.nextPageToken ? 'more pages follow' : 'last page');
    case 'checkpoint':
      return plain(
        [totalWords(event.total), event.behind > 0 && `${formatCount(event.behind)} behind`].filter(Boolean).join(', '),
      );
    case 'go-away':
      return plain(
        `come back ${event.mustRelist ? 'and list again' : 'and resume'} in ${formatDuration(event.retryAfterMs)}`,
      );
    case 'unknown':
      return plain('of a newer server');
  }
}

function totalWords(total: { readonly size: number; readonly isMinimum: boolean } | undefined): string {
  return total ? `total ${formatCount(total.size)}${total.isMinimum ? '+' : ''}` : '';
}
