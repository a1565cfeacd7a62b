import type { User, UserFeed_Facet, UserFeed_Total } from '@roster/proto/gen/userservice/v1/user';

/** What a user is counted by. */
export type Faceted = Pick<User, 'role' | 'state'>;

/** How many users there are of each role and state. */
export interface FacetCounts {
  add(facet: Faceted, by: number): void;
  total(): UserFeed_Total;
}

export function createFacetCounts(facets: readonly UserFeed_Facet[]): FacetCounts {
  const counts = new Map<string, UserFeed_Facet>();
  const add = ({ role, state }: Faceted, by: number) => {
    const key = `${role} ${state}`;
    const known = counts.get(key);
    if (known) known.size += by;
    else counts.set(key, { role, state, size: by });
  };
  for (const facet of facets) add(facet, facet.size);
  return {
    add,
    total() {
      const known = [...counts.values()].filter(({ size }) => size !== 0);
      return {
        size: known.reduce((sum, { size }) => sum + size, 0),
        isMinimum: false,
        facets: known.map((facet) => ({ ...facet })),
      };
    },
  };
}
