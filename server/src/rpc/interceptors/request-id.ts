import { randomUUID } from 'node:crypto';
import type { Interceptor } from '../call.ts';

export const requestIdHeader = 'x-request-id';

/** Names the call by the caller's `x-request-id` where that is sane, else anew, and says the name in the response headers. */
export const requestId: Interceptor = (call) => {
  const given = call.header(requestIdHeader);
  call.requestId = given !== undefined && isSane(given) ? given : randomUUID();
  call.setHeader(requestIdHeader, call.requestId);
};

/** Up to 128 visible ASCII characters: nothing that could break a log line or a header. */
function isSane(id: string): boolean {
  return /^[\x21-\x7e]{1,128}$/.test(id);
}
