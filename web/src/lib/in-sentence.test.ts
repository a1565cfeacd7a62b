import { expect, test } from 'vitest';
import { inSentence } from './in-sentence.ts';

test.each(['\u202Eevil', 'محمد', 'אבי', 'Ann \u2067'])('%j keeps its direction to itself', (name) => {
  expect(inSentence(name)).toBe(`\u2068${name}\u2069`);
});

test.each(['Grace Hopper', 'Zoë', '王小明', 'Ан'])('%s stands as it is', (name) => {
  expect(inSentence(name)).toBe(name);
});

test('a long text is cut by whole characters, so that the sentence is still seen', () => {
  expect([inSentence('😀😀😀', 2), inSentence('😀😀', 2)]).toEqual(['😀😀…', '😀😀']);
});
