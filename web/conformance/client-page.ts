import { base64decode, base64encode } from '@protobuf-ts/runtime';
import { performCall } from './perform-call.ts';

/** What `client-chromium.ts` calls in the page; messages cross as text. */
Object.assign(globalThis, {
  answerRunner: async (request: string) => base64encode(await performCall(base64decode(request))),
});
