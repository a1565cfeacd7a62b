import { expect, test } from 'vitest';
import { createSubmissionIds } from './submission-ids.ts';

function countingIds() {
  let made = 0;
  return createSubmissionIds(() => {
    made += 1;
    return `id-${made}`;
  });
}

test('the same content keeps its id until the server has answered', () => {
  const ids = countingIds();
  expect(ids.idFor('a')).toBe('id-1');
  expect(ids.idFor('a')).toBe('id-1');
  ids.settle();
  expect(ids.idFor('a')).toBe('id-2');
});

test('other content is another submission', () => {
  const ids = countingIds();
  expect([ids.idFor('a'), ids.idFor('b')]).toEqual(['id-1', 'id-2']);
});

test('real ids are UUIDs, as the server demands', () => {
  expect(createSubmissionIds().idFor('a')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});
