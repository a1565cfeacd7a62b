import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createToasts, type Toast, type Toasts } from './toasts.ts';

const undo = async () => undefined;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a confirmation goes away by itself, one with an undo later', () => {
  const toasts = createToasts({ lifeMs: 100, undoLifeMs: 300 });
  toasts.confirm('Ada saved');
  toasts.confirm('Grace deleted', { undo });
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
  toasts.confirm('Ada suspended', { about: 'ada', undo });
  toasts.confirm('Grace saved', { about: 'grace' });
  toasts.confirm('Ada deleted', { about: 'ada', undo });
  expect(toasts.getSnapshot().map(({ words }) => words)).toEqual(['Grace saved', 'Ada deleted']);
});

test('a confirmation whose undo fails stays and says why, until it is dismissed or the undo goes through', async () => {
  const toasts = createToasts({ undoLifeMs: 100 });
  const outcomes = ['Somebody else has this email address.', undefined];
  toasts.confirm('Ada deleted', { undo: async () => outcomes.shift() });
  await toasts.undo(only(toasts));
  vi.advanceTimersByTime(1000);
  toasts.hold(true);
  toasts.hold(false);
  vi.advanceTimersByTime(1000);
  expect(only(toasts)).toMatchObject({
    words: 'Ada deleted',
    problem: 'Not undone. Somebody else has this email address.',
  });
  await toasts.undo(only(toasts));
  expect(toasts.getSnapshot()).toEqual([]);
});

test('what has failed stays until it is dismissed, or a newer word about the same takes its place', () => {
  const toasts = createToasts({ lifeMs: 100, most: 2 });
  toasts.fail('Ada is not saved', 'The server cannot be reached.', { about: 'ada' });
  for (const name of ['Bob', 'Cleo', 'Dan']) toasts.confirm(`${name} is saved`);
  expect(toasts.getSnapshot().map(({ words }) => words)).toEqual(['Ada is not saved', 'Dan is saved']);
  vi.advanceTimersByTime(1000);
  expect(only(toasts)).toMatchObject({ words: 'Ada is not saved', problem: 'The server cannot be reached.' });
  toasts.confirm('Ada is saved', { about: 'ada' });
  expect(only(toasts)).toMatchObject({ words: 'Ada is saved', problem: undefined });
  toasts.fail('Bob is not saved', 'The server cannot be reached.', { about: 'bob' });
  toasts.settle('bob');
  expect(only(toasts).words).toBe('Ada is saved');
});

test('a confirmation stays while its undo is under way, and comes back if that fails after it was dismissed', async () => {
  const toasts = createToasts({ undoLifeMs: 100 });
  const answer = Promise.withResolvers<string | undefined>();
  toasts.confirm('Ada deleted', { undo: () => answer.promise });
  const undoing = toasts.undo(only(toasts));
  vi.advanceTimersByTime(1000);
  expect(only(toasts).isUndoing).toBe(true);
  toasts.dismiss(only(toasts).id);
  answer.resolve('The server cannot be reached.');
  await undoing;
  expect(only(toasts)).toMatchObject({
    words: 'Ada deleted',
    isUndoing: false,
    problem: 'Not undone. The server cannot be reached.',
  });
});

function only(toasts: Toasts): Toast {
  const [toast] = toasts.getSnapshot();
  if (!toast) throw new Error('nothing is confirmed');
  return toast;
}
