import type { Logger } from 'pino';
import type { Interceptor } from '../call.ts';
import { Code, RpcError } from '../rpc-error.ts';

/** Codes that somebody who runs the server should look at. */
const alarming: ReadonlySet<Code> = new Set([Code.UNKNOWN, Code.INTERNAL, Code.UNAVAILABLE, Code.DATA_LOSS]);

/** Writes one line for each call. It holds no text of a user and no metadata but the request id. */
export function createLog(log: Logger): Interceptor {
  return (call) => {
    const start = performance.now();
    return (failure) => {
      const code = codeOf(failure);
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
    };
  };
}

/** The code that a call is answered with; `failure` is undefined for one that went well. */
export function codeOf(failure: unknown): Code {
  if (failure === undefined) return Code.OK;
  return failure instanceof RpcError ? failure.code : Code.INTERNAL;
}
