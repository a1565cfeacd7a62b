import { beforeAll, expect, test } from 'vitest';
import { type CommonPasswords, readCommonPasswords } from './common-passwords.ts';
import { validatePassword } from './password-rules.ts';

const ada = { name: 'Ada Lovelace-King', email: 'Ada.Byron@analytical.engine.example' };

let common: CommonPasswords;
beforeAll(async () => {
  common = await readCommonPasswords();
});

const reasonFor = (password: string) =>
  validatePassword(password, ada, common).map(({ field, reason }) => `${field} ${reason}`);

test('the list of common passwords has those that are long enough to be allowed at all', () => {
  expect(common.size).toBeGreaterThan(9000);
  expect(Math.min(...[...common].map((password) => password.length))).toBeLessThan(20);
});

test.each([
  ['', 'REQUIRED'],
  ['short', 'PASSWORD_TOO_SHORT'],
  ['fourteen chars', 'PASSWORD_TOO_SHORT'],
  // Fourteen characters, though of 28 units and 56 bytes.
  ['🐎'.repeat(7) + '🔋'.repeat(7), 'PASSWORD_TOO_SHORT'],
  [`${'horse battery '.repeat(19)}x`, 'PASSWORD_TOO_LONG'],
  ['x'.repeat(100_000), 'PASSWORD_TOO_LONG'],
  // One character that is eighteen in the form that is compared.
  ['\ufdfa'.repeat(15), 'PASSWORD_TOO_LONG'],
  ['123456789012345', 'PASSWORD_TOO_COMMON'],
  ['qwertyuiopasdfghjklzxcvbnm', 'PASSWORD_TOO_COMMON'],
  ['PasswordPassword', 'PASSWORD_TOO_COMMON'],
  ['ｐａｓｓｗｏｒｄｐａｓｓｗｏｒｄ', 'PASSWORD_TOO_COMMON'],
  ['abcabcabcabcabcab', 'PASSWORD_TOO_COMMON'],
  ['Ab1!Ab1!Ab1!Ab1!', 'PASSWORD_TOO_COMMON'],
  ['               ', 'PASSWORD_TOO_COMMON'],
  ['Ada Lovelace-King', 'PASSWORD_TOO_PERSONAL'],
  ['ada.lovelace.1815!', 'PASSWORD_TOO_PERSONAL'],
  ['ÁdaLövelaceKing', 'PASSWORD_TOO_PERSONAL'],
  ['ada.byron@analytical.engine.example', 'PASSWORD_TOO_PERSONAL'],
  ['Roster-1234567890', 'PASSWORD_TOO_PERSONAL'],
  ['RosterByronKing', 'PASSWORD_TOO_PERSONAL'],
])('%j is refused: %s', (password, reason) => {
  expect(reasonFor(password)).toEqual([`password ${reason}`]);
});

test.each([
  'fifteen letters',
  'correct horse battery staple',
  'ada met her staple battery',
  '9081726354 4453627180',
  '🐎🔋📎✅🐎🔋📎✅🐎🔋📎✅🐎🔋📎🌧️',
  'горячая батарея лошади',
  'aaaaaaaaaaaaaab',
  'x y '.repeat(3) + 'z'.repeat(244),
])('%j is allowed: no rule says what a password is made of', (password) => {
  expect(reasonFor(password)).toEqual([]);
});

test('a password of the longest kind is judged at once, whatever the name', () => {
  const owner = { name: `${'ab'.repeat(50)} ${'abab '.repeat(20)}`, email: `${'ab'.repeat(30)}@${'ab'.repeat(60)}` };
  const begun = performance.now();
  validatePassword(`${'ab'.repeat(127)}x`, owner, common);
  expect(performance.now() - begun).toBeLessThan(200);
});
