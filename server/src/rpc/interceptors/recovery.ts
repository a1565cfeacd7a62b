import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Interceptor } from '../call.ts';
import { internal, toRpcError } from '../status.ts';

/** Makes of every failure one that the caller may read. What it may not read is logged under an incident id, and only the id is told. */
export function createRecovery(log: Logger): Interceptor {
  return async (call, next) => {
    try {
      await next();
    } catch (error) {
      // Whatever an aborted call fails with, a cancelled query for one, follows from the abort.
      if (call.signal.aborted) throw call.signal.reason;
      const known = toRpcError(error);
      if (known) {
        if (known !== error)
          log.warn(
            { err: error, method: call.method.path, requestId: call.requestId },
            'call failed for a known cause',
          );
        throw known;
      }
      const incident = randomUUID();
      log.error(
        { err: error, incident, method: call.method.path, requestId: call.requestId },
        'call failed for an unknown cause',
      );
      throw internal(incident);
    }
  };
}
