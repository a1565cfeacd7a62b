import { expect, test } from 'vitest';
import { providerPath, readProviderPath, readReturnPath, returnState } from './return-path.ts';

test.each([
  [{ returnPath: '/users?filter=role%3DADMIN&user=1' }, '/users?filter=role%3DADMIN&user=1'],
  [{ returnPath: '/account' }, '/account'],
  [{ returnPath: '//elsewhere.example' }, '/users'],
  [{ returnPath: '/\\elsewhere.example' }, '/users'],
  [{ returnPath: 'https://elsewhere.example' }, '/users'],
  [{ returnPath: 'javascript:alert(1)' }, '/users'],
  [{ returnPath: '/sign-in' }, '/users'],
  [{ returnPath: '/accept#secret' }, '/users'],
  [{ returnPath: 7 }, '/users'],
  ['/users?x=1', '/users'],
  [null, '/users'],
])('%j leads to %s', (state, path) => {
  expect(readReturnPath(state, 'ann')).toBe(path);
});

test.each([
  ['ann', 'ann', '/account'],
  ['ann', 'ben', '/users'],
  ['ann', undefined, '/users'],
  [undefined, 'ben', '/account'],
])('the place of %s leads %s to %s, also by way of the provider', (owner, personId, path) => {
  const state = returnState({ pathname: '/account', search: '' }, owner);
  expect(readReturnPath(state, personId)).toBe(path);
  expect(readReturnPath(readProviderPath(providerPath(state)), personId)).toBe(path);
});
