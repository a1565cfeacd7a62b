import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createToasts } from './toasts.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a confirmation goes away by itself, one with an undo later', () => {
  const toasts = createToasts({ lifeMs: 100, undoLifeMs: 300 });
  toasts.confirm('Ada saved');
  toasts.confirm('Grace deleted', { undo: () => {} });
  vi.advanceTimersByTime(150);
  expect(toasts.getSnapshot().map(({ words }) => words)).toEqual(['Grace deleted']);
  vi.advanceTimersByTime(200);
  expect(toasts.getSnapshot()).toEqual([]);
});

test('nothing goes away while the pointer rests on the confirmations', () => {
  const toasts = createToasts({ lifeMs: 100 });
  toasts.confirm('Ada saved');
  toasts.hold(true);
  vi.advanceTimersByTime(1000);
  expect(toasts.getSnapshot()).toHaveLength(1);
  toasts.hold(false);
  vi.advanceTimersByTime(150);
  expect(toasts.getSnapshot()).toEqual([]);
});

test('the oldest makes room for the newest', () => {
  const toasts = createToasts({ most: 2 });
  for (const words of ['one', 'two', 'three']) toasts.confirm(words);
  expect(toasts.getSnapshot().map(({ words }) => words)).toEqual(['two', 'three']);
});

test('a newer confirmation about the same takes the place of the older', () => {
  const toasts = createToasts();
  toasts.confirm('Ada suspended', { about: 'ada', undo: () => {} });
  toasts.confirm('Grace saved', { about: 'grace' });
  toasts.confirm('Ada deleted', { about: 'ada', undo: () => {} });
  expect(toasts.getSnapshot().map(({ words }) => words)).toEqual(['Grace saved', 'Ada deleted']);
});
