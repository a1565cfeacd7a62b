import { expect, test } from 'vitest';
import { leave } from './call.ts';

test('what interceptors have for the end runs from the innermost out, and whoever says nothing changes nothing', () => {
  const told: unknown[] = [];
  const note = (failure: unknown) => void told.push(failure);
  expect(leave([note, (failure) => `outer ${failure}`, note, () => 'inner', note], 'first')).toBe('outer inner');
  expect(told).toEqual(['first', 'inner', 'outer inner']);
  expect(leave([note], undefined)).toBeUndefined();
});

test('one that throws does not keep those further out from theirs', () => {
  const told: unknown[] = [];
  const broken = new Error('broken');
  const fail = () => {
    throw broken;
  };
  expect(leave([(failure) => void told.push(failure), fail], undefined)).toBe(broken);
  expect(told).toEqual([broken]);
});
