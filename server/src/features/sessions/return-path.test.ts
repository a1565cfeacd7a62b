import { expect, test } from 'vitest';
import { RpcError } from '../../rpc/rpc-error.ts';
import { readReturnPath } from './return-path.ts';

test.for(['/', '/users', '/users?filter=role%3DADMIN#top', '/users?next=//evil.example', '/a//b', '/%2F/evil.example'])(
  'a path of the console is taken as it is, and leads to the console: %j',
  (path) => {
    expect(readReturnPath(path)).toBe(path);
    expect(new URL(path, 'https://roster.example').origin).toBe('https://roster.example');
  },
);

test('no path leads to the first page', () => {
  expect(readReturnPath('')).toBe('/');
});

test.for([
  'users',
  'https://evil.example',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\/evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  ' /users',
  'javascript:alert(1)',
  'data:text/html,x',
  `/${'x'.repeat(4000)}`,
])('what leads elsewhere, or may, is refused: %j', (path) => {
  expect(() => readReturnPath(path)).toThrow(RpcError);
});
