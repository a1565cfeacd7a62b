import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Arrival, Arrivals } from './arrival.ts';

export const ArrivalsContext = createContext<Arrivals | undefined>(undefined);

function useArrivals(): Arrivals {
  const arrivals = useContext(ArrivalsContext);
  if (!arrivals) throw new Error('useArrivals needs an ArrivalsContext above it.');
  return arrivals;
}

/** What the address has brought along, and what forgets it. */
export function useArrival(): readonly [Arrival | undefined, () => void] {
  const arrivals = useArrivals();
  return [useSyncExternalStore(arrivals.subscribe, arrivals.getSnapshot), arrivals.forget];
}
