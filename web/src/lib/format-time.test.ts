import { expect, test } from 'vitest';
import { formatRelativeTime } from './format-time.ts';

const now = new Date(2026, 10, 24, 12, 0).getTime();
const minute = 60_000;
const day = 24 * 60 * minute;

test.each([
  [now - 5000, 'just now'],
  [now + 5000, 'just now'],
  [now - 4 * minute, '4 min. ago'],
  [now - 3 * 60 * minute, '3 hr. ago'],
  [now - 6 * day, '6 days ago'],
  [now - 8 * day, 'Nov 16'],
  [now - 400 * day, 'Oct 20, 2025'],
  [now + 3 * day, 'Nov 27'],
])('%i reads %s', (at, words) => expect(formatRelativeTime(at, now)).toBe(words));
