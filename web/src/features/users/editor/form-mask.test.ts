import { type User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { formatLeaf } from '@roster/proto/mask-paths';
import { expect, test } from 'vitest';
import { ann } from './editor-testing.ts';
import { changedLeaves, toUpdateRequest } from './form-mask.ts';

const address = { street: 'Main 1', city: 'Oslo', state: '', country: 'NO', postalCode: '0150' };

const cases: readonly (readonly [string, Partial<User>, readonly string[]])[] = [
  ['nothing', {}, []],
  ['a name', { name: 'Anna' }, ['name']],
  ['a role and a state', { role: UserRole.ADMIN, state: UserState.SUSPENDED }, ['role', 'state']],
  ['a tag more', { tags: ['vip', 'new'] }, ['tags']],
  ['all tags taken away', { tags: [] }, ['tags']],
  ['one address line', { address: { ...address, postalCode: '0151' } }, ['address.postal_code']],
  ['a metadata value', { metadata: { team: 'x', floor: '3' } }, ['metadata.team']],
  ['a metadata key renamed', { metadata: { Team: 'core', floor: '3' } }, ['metadata.`Team`', 'metadata.team']],
  ['server-owned fields', { revision: 9, createdAt: { seconds: '1', nanos: 0 } }, []],
];

test.each(cases)('%s: the mask names exactly what changed', (_, change, paths) => {
  const leaves = changedLeaves(ann(), ann(change)).map(formatLeaf);
  expect([...leaves].sort()).toEqual([...paths].sort());
  expect(toUpdateRequest(ann(), ann(change)).updateMask?.paths).toEqual(leaves);
});

test('only what changed travels, upon the revision that the form started from', () => {
  const request = toUpdateRequest(ann(), ann({ name: 'Anna', metadata: { team: 'core', floor: '4' }, revision: 9 }));
  expect(request).toMatchObject({ id: ann().id, baseRevision: 5 });
  expect(request.user).toMatchObject({ name: 'Anna', email: '', tags: [], metadata: { floor: '4' } });
  expect(request.user?.address).toBeUndefined();
});

test('an emptied field is masked and left out, which clears it', () => {
  const request = toUpdateRequest(ann(), ann({ metadata: { team: 'core' }, tags: [] }));
  expect(request.updateMask?.paths).toEqual(['tags', 'metadata.floor']);
  expect(request.user).toMatchObject({ tags: [], metadata: {} });
});
