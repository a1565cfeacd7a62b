import { UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { expect, test } from 'vitest';
import { facetSize } from './facet-counts.ts';

test('a role counts its users of every state, and a state those of every role', () => {
  const facets = [
    { role: UserRole.ADMIN, state: UserState.ACTIVE, size: 2 },
    { role: UserRole.ADMIN, state: UserState.SUSPENDED, size: 3 },
    { role: UserRole.VIEWER, state: UserState.ACTIVE, size: 7 },
  ];
  expect(facetSize(facets, 'role', 'ADMIN')).toBe(5);
  expect(facetSize(facets, 'state', 'ACTIVE')).toBe(9);
  expect(facetSize(facets, 'role', 'EDITOR')).toBe(0);
});
