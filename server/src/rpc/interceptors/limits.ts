import type { Interceptor, MethodKind, OnEnd } from '../call.ts';
import { networkOf } from '../network-of.ts';
import { resourceExhausted, unavailable } from '../rpc-error.ts';

export interface InFlightLimits {
  /** Of the methods that ask for a caller. */
  readonly inFlightCallsMax: number;
  /** Of those that anybody may call. */
  readonly openInFlightCallsMax: number;
  /** Of those that anybody may call, from one network. */
  readonly openInFlightCallsPerNetworkMax: number;
}

const retryAfterMs = 1000;

/**
 * Refuses calls beyond so many at one time. Those that anybody may make are counted apart, and each network has a share of them only: a stranger who begins calls and
 * never ends them keeps out nobody who is signed in, and from one network nobody at all. Streams of responses do not count here: they live long, and have a limit for
 * each caller.
 */
export function limitInFlightCalls(isOpen: (method: string) => boolean, limits: InFlightLimits): Interceptor {
  const inFlight = createTally();
  return ({ method, address }) => {
    if (streamsResponses(method.kind)) return undefined;
    const places: readonly Place[] = isOpen(method.path)
      ? [
          { name: 'open', most: limits.openInFlightCallsMax },
          { name: `open from ${networkOf(address)}`, most: limits.openInFlightCallsPerNetworkMax },
        ]
      : [{ name: 'guarded', most: limits.inFlightCallsMax }];
    if (places.some(inFlight.isFull))
      throw unavailable('TOO_MANY_CALLS', 'The server has too many calls in flight. Try again.', retryAfterMs);
    return inFlight.enter(places);
  };
}

/** Refuses streams of responses beyond a number for one session or token. Runs after authenticate. */
export function limitOpenStreams(limits: { readonly person: number; readonly program: number }): Interceptor {
  const open = createTally();
  return ({ caller, method }) => {
    const name = caller?.sessionId ?? caller?.tokenId;
    if (name === undefined || !streamsResponses(method.kind)) return undefined;
    const place = { name, most: caller?.sessionId === undefined ? limits.program : limits.person };
    if (open.isFull(place))
      throw resourceExhausted('TOO_MANY_STREAMS', `At most ${place.most} streams may be open at one time.`);
    return open.enter([place]);
  };
}

interface Place {
  readonly name: string;
  readonly most: number;
}

/** Counts, by name, what goes on at this moment. */
function createTally() {
  const counts = new Map<string, number>();
  const add = (name: string, difference: 1 | -1): void => {
    const count = (counts.get(name) ?? 0) + difference;
    if (count > 0) counts.set(name, count);
    else counts.delete(name);
  };
  return {
    isFull: ({ name, most }: Place): boolean => (counts.get(name) ?? 0) >= most,
    enter(places: readonly Place[]): OnEnd {
      for (const { name } of places) add(name, 1);
      return () => {
        for (const { name } of places) add(name, -1);
      };
    },
  };
}

function streamsResponses(kind: MethodKind): boolean {
  return kind === 'serverStream' || kind === 'bidi';
}
