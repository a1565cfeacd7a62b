import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareCodePoints, emailKey, foldKey } from './fold.ts';

test.each([
  ['Ångström', 'angstrom'],
  ['ＦＵＬＬ', 'full'],
  ['Ñandú', 'nandu'],
  ['ÉCOLE', 'ecole'],
  ['İstanbul', 'istanbul'],
  ['ΧΡΙΣ', 'χρισ'],
  ['Χρίστος', 'χριστοσ'],
])('%s folds to %s', (text, key) => expect(foldKey(text)).toBe(key));

test('an email is the same in either Unicode form, in any case, with spaces around it', () => {
  expect(emailKey(' Jose\u0301@Example.ORG ')).toBe(emailKey('jos\u00e9@example.org'));
});

test('an email is the same though only its lower case has a composed form', () => {
  expect(emailKey('J\u030c@example.org')).toBe(emailKey('\u01f0@example.org'));
});

test('texts compare as their UTF-8 bytes do', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
      expect(Math.sign(compareCodePoints(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
  expect(compareCodePoints('\u{1F600}', '\uFF5E')).toBeGreaterThan(0);
});
