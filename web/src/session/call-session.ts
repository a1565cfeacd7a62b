import type { RpcTransport } from '@protobuf-ts/runtime-rpc';
import { SessionServiceClient } from '@roster/proto/gen/roster/sessions/v1/session_service.client';
import { answerOf } from '../rpc/answer-of.ts';
import { background } from '../rpc/background.ts';
import type { SessionParts } from './session-store.ts';

/** The calls by which a page knows its session. */
export function createSessionCalls(transport: RpcTransport): Pick<SessionParts, 'read' | 'signOut'> {
  const client = new SessionServiceClient(transport);
  return {
    read: (by) => answerOf(client.getSession({}, by === 'page' ? { meta: background } : {})),
    async signOut() {
      await answerOf(client.signOut({}));
    },
  };
}
