import { formatCount } from '../lib/format-number.ts';
import { formatClock } from '../lib/format-time.ts';
import type { Connection } from './connection.ts';

/** How the dot looks beside the words. */
export type ConnectionTone = 'live' | 'waiting' | 'warn' | 'bad';

export interface ConnectionWords {
  readonly tone: ConnectionTone;
  /** The state in a word or few. */
  readonly words: string;
  /** What it means for the rows on screen. */
  readonly meaning: string;
  /** The rows may be old. */
  readonly isOld: boolean;
}

/** Blips shorter than this do not dim the rows. */
const blipMs = 5000;

/** Says how fresh the list is. */
export function connectionWords(connection: Connection, now: number): ConnectionWords {
  switch (connection.kind) {
    case 'connecting':
      return {
        tone: 'waiting',
        words: 'Connecting',
        meaning: 'The list is read; changes follow in a moment.',
        isOld: false,
      };
    case 'live':
      return { tone: 'live', words: 'Live', meaning: 'Every change appears here as it happens.', isOld: false };
    case 'polling':
      return {
        tone: 'waiting',
        words: `Refreshed every ${connection.everyMs / 1000} s`,
        meaning:
          'Other tabs of this browser use all its live connections. Close one of them, and this list is live too.',
        isOld: false,
      };
    case 'catching-up':
      return {
        tone: 'waiting',
        words: connection.behind > 0 ? `Catching up, ${formatCount(connection.behind)} behind` : 'Catching up',
        meaning: 'Connected; the changes missed meanwhile are coming in.',
        isOld: false,
      };
    case 'reconnecting': {
      const seconds = Math.max(0, Math.ceil((connection.retryAt - now) / 1000));
      return {
        tone: 'warn',
        words: seconds > 0 ? `Reconnecting in ${seconds} s` : 'Reconnecting',
        meaning: `The connection was lost. The rows are as they were at ${formatClock(connection.lastFrameAt)}; nothing will be missed.`,
        isOld: now - connection.lastFrameAt > blipMs,
      };
    }
    case 'stale':
      return {
        tone: 'warn',
        words: `Stale since ${formatClock(connection.since)}`,
        meaning: 'The server has been silent for too long. The rows may be out of date.',
        isOld: true,
      };
    case 'offline':
      return {
        tone: 'bad',
        words: 'Offline',
        meaning: `This device is offline. The rows are as they were at ${formatClock(connection.lastFrameAt)}.`,
        isOld: true,
      };
    case 'refused':
      return { tone: 'bad', words: 'Not live', meaning: connection.error.message, isOld: true };
  }
}
