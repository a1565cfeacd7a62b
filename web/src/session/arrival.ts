/** What an address has brought along that must not stay in it: whoever sees the address could use it. */
export type Arrival =
  /** The secret of a one-time link. */
  | { readonly kind: 'link'; readonly secret: string }
  /** What the OpenID provider has sent the browser back with. */
  | { readonly kind: 'oidc'; readonly query: string };

/** Keeps, in memory alone, what the page's address has brought along. */
export interface Arrivals {
  getSnapshot(): Arrival | undefined;
  subscribe(listener: () => void): () => void;
  /** It has been used. */
  forget(): void;
}

/** The part of a window that an address belongs to. */
export interface ArrivalPage {
  readonly location: Pick<Location, 'pathname' | 'search' | 'hash'>;
  readonly history: Pick<History, 'state' | 'replaceState'>;
  addEventListener(type: 'hashchange', listener: () => void): void;
}

const linkPaths: readonly string[] = ['/setup', '/accept'];

/** Takes it out of the address at once, before anything else of the page runs, and again when somebody follows a link on a page that is open. */
export function watchArrivals(page: ArrivalPage): Arrivals {
  const listeners = new Set<() => void>();
  let arrival: Arrival | undefined;

  function take(): void {
    const taken = read(page.location);
    if (!taken) return;
    arrival = taken;
    page.history.replaceState(page.history.state, '', page.location.pathname);
    for (const listener of [...listeners]) listener();
  }

  take();
  page.addEventListener('hashchange', take);
  return {
    getSnapshot: () => arrival,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    forget() {
      arrival = undefined;
    },
  };
}

function read({ pathname, search, hash }: ArrivalPage['location']): Arrival | undefined {
  if (linkPaths.includes(pathname) && hash.length > 1) return { kind: 'link', secret: hash.slice(1) };
  return pathname === '/oidc' && search.length > 1 ? { kind: 'oidc', query: search.slice(1) } : undefined;
}
