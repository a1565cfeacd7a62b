import { expect, test } from 'vitest';
import { type Cell, moveByKey } from './grid-keys.ts';

const size = { rows: 100, columns: 6, page: 10 };

test.each<[string, boolean, Cell, Cell]>([
  ['ArrowDown', false, { row: 3, column: 2 }, { row: 4, column: 2 }],
  ['j', false, { row: 3, column: 2 }, { row: 4, column: 2 }],
  ['ArrowUp', false, { row: 0, column: 2 }, { row: -1, column: 2 }],
  ['ArrowUp', false, { row: -1, column: 2 }, { row: -1, column: 2 }],
  ['ArrowDown', false, { row: 99, column: 0 }, { row: 99, column: 0 }],
  ['ArrowRight', false, { row: 1, column: 5 }, { row: 1, column: 5 }],
  ['ArrowLeft', false, { row: 1, column: 5 }, { row: 1, column: 4 }],
  ['PageDown', false, { row: 95, column: 1 }, { row: 99, column: 1 }],
  ['PageUp', false, { row: 5, column: 1 }, { row: 0, column: 1 }],
  ['Home', false, { row: 7, column: 4 }, { row: 7, column: 0 }],
  ['End', false, { row: 7, column: 4 }, { row: 7, column: 5 }],
  ['Home', true, { row: 7, column: 4 }, { row: 0, column: 0 }],
  ['End', true, { row: 7, column: 4 }, { row: 99, column: 5 }],
])('%s (control: %s) leads from %o to %o', (key, isControl, from, to) => {
  expect(moveByKey(key, isControl, from, size)).toEqual(to);
});

test('a key that is none of the grid is left alone', () => {
  expect(moveByKey('a', false, { row: 0, column: 0 }, size)).toBeUndefined();
});

test('in a list without rows only the head is left to go to', () => {
  expect(moveByKey('ArrowDown', false, { row: -1, column: 0 }, { rows: 0, columns: 6, page: 10 })).toEqual({
    row: -1,
    column: 0,
  });
});
