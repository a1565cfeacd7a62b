import type { Logger } from 'pino';
import type { Interceptor } from '../call.ts';
import { Code, RpcError } from '../rpc-error.ts';

/** Codes that somebody who runs the server should look at. */
const alarming: ReadonlySet<Code> = new Set([Code.UNKNOWN, Code.INTERNAL, Code.UNAVAILABLE, Code.DATA_LOSS]);

/** Writes one line for each call. It holds no text of a user and no metadata but the request id. */
export function createLog(log: Logger): Interceptor {
  return async (call, next) => {
    const start = performance.now();
    let code: Code = Code.OK;
    try {
      await next();
    } catch (error) {
      code = codeOf(error);
      throw error;
    } finally {
      const line = {
        method: call.method.path,
        code: Code[code],
        ms: Math.round((performance.now() - start) * 10) / 10,
        caller: call.caller?.id,
        address: call.address,
        requestId: call.requestId,
      };
      if (alarming.has(code)) log.warn(line, 'call');
      else log.info(line, 'call');
    }
  };
}

/** The code that a failure is answered with. */
export function codeOf(error: unknown): Code {
  return error instanceof RpcError ? error.code : Code.INTERNAL;
}
