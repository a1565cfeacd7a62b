import type { Interceptor, MethodKind } from '../call.ts';
import { resourceExhausted, unavailable } from '../rpc-error.ts';

const retryAfterMs = 1000;

/** Refuses calls beyond `inFlightMax` at one time. Streams of responses do not count here: they live long, and have a limit for each caller. */
export function limitInFlightCalls(inFlightMax: number): Interceptor {
  let inFlight = 0;
  return async (call, next) => {
    if (streamsResponses(call.method.kind)) return next();
    if (inFlight >= inFlightMax)
      throw unavailable('TOO_MANY_CALLS', 'The server has too many calls in flight. Try again.', retryAfterMs);
    inFlight += 1;
    try {
      await next();
    } finally {
      inFlight -= 1;
    }
  };
}

/** Refuses streams of responses beyond `openStreamsMax` for one caller. Runs after authenticate. */
export function limitOpenStreams(openStreamsMax: number): Interceptor {
  const openByCaller = new Map<string, number>();
  return async (call, next) => {
    const callerId = call.caller?.id;
    if (callerId === undefined || !streamsResponses(call.method.kind)) return next();
    const open = openByCaller.get(callerId) ?? 0;
    if (open >= openStreamsMax) {
      throw resourceExhausted('TOO_MANY_STREAMS', `At most ${openStreamsMax} streams may be open at one time.`);
    }
    openByCaller.set(callerId, open + 1);
    try {
      await next();
    } finally {
      const left = (openByCaller.get(callerId) ?? 1) - 1;
      if (left > 0) openByCaller.set(callerId, left);
      else openByCaller.delete(callerId);
    }
  };
}

function streamsResponses(kind: MethodKind): boolean {
  return kind === 'serverStream' || kind === 'bidi';
}
