import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Clients, useClients } from './clients.tsx';

const caches = new WeakMap<Clients, QueryClient>();

/**
 * Holds what was read, one cache for each set of clients.
 *
 * It stands around the panels and the page rather than around the whole app, so that the first load, which is the list and its feed, goes without TanStack
 * Query.
 */
export function ReadCache({ children }: { readonly children: ReactNode }) {
  return <QueryClientProvider client={cacheOf(useClients())}>{children}</QueryClientProvider>;
}

function cacheOf(clients: Clients): QueryClient {
  const held = caches.get(clients);
  if (held) return held;
  const cache = new QueryClient();
  caches.set(clients, cache);
  return cache;
}
