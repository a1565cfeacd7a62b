import { useStored } from '../../../lib/stored.ts';

export const densities = ['comfortable', 'compact'] as const;

export type Density = (typeof densities)[number];

/** The heights of a row; the same numbers stand in ui/tokens.css. */
export const rowHeights: Readonly<Record<Density, number>> = { comfortable: 40, compact: 32 };

/** The height of the grid's head. */
export const headHeight = 32;

function parseDensity(text: string | undefined): Density {
  return densities.find((density) => density === text) ?? 'comfortable';
}

/** The remembered density of the rows. */
export function useDensity(): [Density, (density: Density) => void] {
  return useStored('users.density', parseDensity);
}
