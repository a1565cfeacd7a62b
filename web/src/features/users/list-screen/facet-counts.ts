import { UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import type { FeedFacet } from '../../../rpc/user-feed.ts';
import type { ChipField } from './filter-clauses.ts';

/** How many users have one value of a field, as the contract names it, such as `ADMIN`. */
export function facetSize(facets: readonly FeedFacet[], field: ChipField, value: string): number {
  const nameOf = ({ role, state }: FeedFacet) => (field === 'role' ? UserRole[role] : UserState[state]);
  return facets.filter((facet) => nameOf(facet) === value).reduce((sum, { size }) => sum + size, 0);
}
