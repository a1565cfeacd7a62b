import { expect, test } from 'vitest';
import { createAim, type Drawn, reactionMs } from './aim.ts';

const rows = (...ids: readonly string[]): Drawn => new Map(ids.map((id, index) => [index, id]));

test('a press right after rows have moved means who stood there before, a later one who stands there now', () => {
  const aim = createAim();
  aim.drawn(rows('anna', 'bob'), 0);
  aim.drawn(rows('carla', 'anna', 'bob'), 5000);
  expect(aim.meantAt(0, 5000 + reactionMs - 1)).toBe('anna');
  expect(aim.meantAt(1, 5000 + reactionMs - 1)).toBe('bob');
  expect(aim.meantAt(2, 5000 + reactionMs - 1)).toBe('bob');
  expect(aim.meantAt(0, 5000 + reactionMs)).toBe('carla');
});

test('of several moves the one counts that could not be seen yet', () => {
  const aim = createAim();
  aim.drawn(rows('anna'), 0);
  aim.drawn(rows('bob'), 5000);
  aim.drawn(rows('carla'), 5200);
  expect(aim.meantAt(0, 5250)).toBe('anna');
  expect(aim.meantAt(0, 5400)).toBe('bob');
  expect(aim.meantAt(0, 5600)).toBe('carla');
});

test('a hand that trembles while it presses still means who stood there, one that has moved what it points at', () => {
  const aim = createAim();
  aim.pointed({ x: 100, y: 100 });
  aim.drawn(rows('anna'), 0);
  aim.drawn(rows('bob'), 5000);
  aim.pointed({ x: 101, y: 98 });
  expect(aim.meantAt(0, 5001)).toBe('anna');
  aim.pointed({ x: 101, y: 92 });
  expect(aim.meantAt(0, 5001)).toBe('bob');
});

test('a pointer that comes from elsewhere points at what is drawn now', () => {
  const aim = createAim();
  aim.drawn(rows('anna'), 0);
  aim.drawn(rows('bob'), 5000);
  aim.pointed({ x: 100, y: 100 });
  expect(aim.meantAt(0, 5001)).toBe('bob');
});

test('rows that are read, drawn again or scrolled into view have not moved', () => {
  const aim = createAim();
  aim.drawn(rows('anna'), 0);
  aim.pointed({ x: 100, y: 100 });
  aim.drawn(rows('bob'), 5000);
  aim.pointed({ x: 103, y: 100 });
  for (const drawn of [rows('bob', 'carla'), rows('bob', 'carla'), new Map([[1, 'carla']])]) aim.drawn(drawn, 5010);
  // Had one of those been a move, the pointer would have rested at 103.
  aim.pointed({ x: 106, y: 100 });
  aim.drawn(rows('bob', 'carla'), 5020);
  expect(aim.meantAt(0, 5030)).toBe('bob');
  expect(aim.meantAt(1, 5030)).toBe('carla');
  expect(aim.meantAt(2, 5030)).toBeUndefined();
});

test('a place that was not drawn before a move is that of who was drawn there first', () => {
  const aim = createAim();
  aim.drawn(rows('anna'), 0);
  aim.drawn(rows('bob'), 5000);
  aim.drawn(rows('bob', 'carla'), 5010);
  aim.drawn(rows('bob', 'dora'), 5020);
  expect(aim.meantAt(0, 5030)).toBe('anna');
  expect(aim.meantAt(1, 5030)).toBe('carla');
});
