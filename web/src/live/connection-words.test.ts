import { expect, test } from 'vitest';
import type { Connection } from './connection.ts';
import { connectionWords } from './connection-words.ts';

const now = new Date(2026, 10, 24, 12, 5).getTime();
const error = { kind: 'unreachable', message: 'The server cannot be reached.' } as const;

test.each<[Connection, string, boolean]>([
  [{ kind: 'connecting' }, 'Connecting', false],
  [{ kind: 'live', since: now }, 'Live', false],
  [{ kind: 'polling', everyMs: 5000 }, 'Refreshed every 5 s', false],
  [{ kind: 'catching-up', behind: 1240 }, 'Catching up, 1,240 behind', false],
  [{ kind: 'reconnecting', retryAt: now + 3500, lastFrameAt: now - 1000, error }, 'Reconnecting in 4 s', false],
  [{ kind: 'reconnecting', retryAt: now - 10, lastFrameAt: now - 9000, error }, 'Reconnecting', true],
  [{ kind: 'stale', since: now - 60_000 }, 'Stale since 12:04', true],
  [{ kind: 'offline', lastFrameAt: now }, 'Offline', true],
  [{ kind: 'refused', error }, 'Not live', true],
])('%o is said in words', (connection, words, isOld) => {
  expect(connectionWords(connection, now)).toMatchObject({ words, isOld });
});
