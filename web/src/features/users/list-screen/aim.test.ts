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

test('a pointer that has moved since means what it points at', () => {
  const aim = createAim();
  aim.drawn(rows('anna'), 0);
  aim.drawn(rows('bob'), 5000);
  aim.pointed();
  expect(aim.meantAt(0, 5001)).toBe('bob');
});

test('rows that are read, drawn again or scrolled into view have not moved', () => {
  const aim = createAim();
  aim.drawn(rows('anna'), 0);
  aim.drawn(rows('anna', 'bob'), 100);
  aim.drawn(new Map([[1, 'bob']]), 110);
  aim.drawn(rows('anna', 'bob'), 120);
  expect(aim.meantAt(0, 121)).toBe('anna');
  expect(aim.meantAt(1, 121)).toBe('bob');
  expect(aim.meantAt(2, 121)).toBeUndefined();
});
