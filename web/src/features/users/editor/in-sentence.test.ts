import { expect, test } from 'vitest';
import { inSentence } from './in-sentence.ts';

test('a text keeps its direction to itself, so that the sentence around it stays readable', () => {
  expect(`${inSentence('\u202Eevil')} is created`).toBe('\u2068\u202Eevil\u2069 is created');
});

test('a long text is cut by whole characters, so that the sentence is still seen', () => {
  expect(inSentence('😀😀😀', 2)).toBe('\u2068😀😀…\u2069');
  expect(inSentence('😀😀', 2)).toBe('\u2068😀😀\u2069');
});
