import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Interceptor } from '../call.ts';
import { internal, toRpcError } from '../status.ts';

/** Makes of every failure one that the caller may read. What it may not read is logged under an incident id, and only the id is told. */
export function createRecovery(log: Logger): Interceptor {
  return (call) => (failure) => {
    if (failure === undefined) return undefined;
    // Whatever an aborted call fails with, a cancelled query for one, follows from the abort.
    if (call.signal.aborted) return call.signal.reason;
    const known = toRpcError(failure);
    const { method, requestId } = call;
    if (!known) {
      const incident = randomUUID();
      log.error({ err: failure, incident, method: method.path, requestId }, 'call failed for an unknown cause');
      return internal(incident);
    }
    if (known !== failure) log.warn({ err: failure, method: method.path, requestId }, 'call failed for a known cause');
    return known;
  };
}
