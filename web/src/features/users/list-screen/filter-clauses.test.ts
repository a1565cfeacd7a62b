import { expect, test } from 'vitest';
import { liftableParts, readChip, splitFilter, writeChip } from './filter-clauses.ts';

test.each([
  ['', []],
  ['ada', ['ada']],
  ['role = ADMIN AND created_at > 2024-01-01', ['role = ADMIN', 'created_at > 2024-01-01']],
  ['name = "a AND b" AND x', ['name = "a AND b"', 'x']],
  ['(a AND b) AND c OR d', ['(a AND b)', 'c OR d']],
  ['name = "a \\" AND b"', ['name = "a \\" AND b"']],
  ['a\nAND b', ['a', 'b']],
  ['BRAND ANDY', ['BRAND ANDY']],
])('%j falls into its outermost parts', (filter, parts) => expect(splitFilter(filter)).toEqual(parts));

test.each([
  [
    'role = ADMIN AND ada AND tags:vip',
    [
      ['role = ADMIN', 'ada AND tags:vip'],
      ['ada', 'role = ADMIN AND tags:vip'],
      ['tags:vip', 'role = ADMIN AND ada'],
    ],
  ],
  ['ada', [['ada', '']]],
  [
    'zoë de la AND x',
    [
      ['zoë', 'de la AND x'],
      ['de', 'zoë la AND x'],
      ['la', 'zoë de AND x'],
      ['x', 'zoë de la'],
    ],
  ],
  ['a OR b', [['a OR b', '']]],
  ['a -b', [['a -b', '']]],
  ['"ada king" x', [['"ada king" x', '']]],
])('taking a part out of %j leaves the others', (filter, parts) => {
  expect(liftableParts(filter)).toEqual(parts.map(([part, rest]) => ({ part, rest })));
});

test.each([
  ['', ['ADMIN'], 'role = ADMIN'],
  ['ada', ['ADMIN'], 'ada AND role = ADMIN'],
  ['ada AND role = ADMIN AND tags:vip', ['ADMIN', 'EDITOR'], 'ada AND (role = ADMIN OR role = EDITOR) AND tags:vip'],
  ['(role = ADMIN OR role = EDITOR) AND ada', ['VIEWER'], 'role = VIEWER AND ada'],
  ['ada AND role = ADMIN', [], 'ada'],
  ['a OR b', ['ADMIN'], 'a OR b AND role = ADMIN'],
])('a chip writes into %j the values %j', (filter, values, written) => {
  expect(writeChip(filter, 'role', values)).toBe(written);
  expect(readChip(written, 'role')).toEqual(values);
});

test('a chip leaves alone what it cannot say', () => {
  expect(readChip('NOT role = ADMIN', 'role')).toEqual([]);
  expect(readChip('role = ADMIN OR ada', 'role')).toEqual([]);
  expect(writeChip('NOT role = ADMIN', 'role', ['EDITOR'])).toBe('NOT role = ADMIN AND role = EDITOR');
});
