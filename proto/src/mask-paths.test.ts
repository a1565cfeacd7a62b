import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatLeaf, parseMaskPath } from './mask-paths.ts';

test.each(['name', 'address', 'address.postal_code', 'metadata', 'metadata.team', 'metadata.`a.b`'])(
  '%s is a path a client may change',
  (path) => expect(parseMaskPath(path)).toBeDefined(),
);

test.each([
  'id',
  'revision',
  'feed',
  'Name',
  'name.first',
  'address.planet',
  'metadata.',
  'metadata.`',
  'metadata.a.b',
  '',
])('%s is none', (path) => expect(parseMaskPath(path)).toBeUndefined());

test('every metadata key survives being written as a path and read back', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (key) => {
      expect(parseMaskPath(formatLeaf({ field: 'metadata', key }))).toEqual({ field: 'metadata', key });
    }),
  );
});
