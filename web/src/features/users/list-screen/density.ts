import { narrowScreen, useMedia } from '../../../lib/media.ts';
import { useStored } from '../../../lib/stored.ts';

export const densities = ['comfortable', 'compact'] as const;

export type Density = (typeof densities)[number];

/** The heights of a row; the same numbers stand in ui/tokens.css. */
const rowHeights: Readonly<Record<Density, number>> = { comfortable: 40, compact: 32 };

/** On narrow screens a row has two lines, for a finger. */
const narrowRowHeight = 52;

/** The height of the grid's head. */
export const headHeight = 32;

function parseDensity(text: string | undefined): Density {
  return densities.find((density) => density === text) ?? 'comfortable';
}

/** The remembered density of the rows. */
export function useDensity(): [Density, (density: Density) => void] {
  return useStored('users.density', parseDensity);
}

/** The height of a row as it is drawn now. */
export function useRowHeight(): number {
  const [density] = useDensity();
  return useMedia(narrowScreen) ? narrowRowHeight : rowHeights[density];
}
