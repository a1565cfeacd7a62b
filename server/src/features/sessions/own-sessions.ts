import type { Connection } from '../../database/database.ts';
import { recordAccess } from '../../identity/access-events.ts';
import { requirePerson } from '../../identity/require-person.ts';
import { revoke } from '../../identity/revoke.ts';
import { readSessions } from '../../identity/session-list.ts';
import type { CallContext } from '../../rpc/context.ts';
import { notFound } from '../../rpc/rpc-error.ts';
import { readOptionalUuid } from '../../store/ids.ts';
import type { SessionHandlers } from './session-handlers.ts';
import type { SessionsParts } from './sessions-parts.ts';

/** The sessions of the person who calls. Nobody else's can be seen or ended here. */
export function ownSessions(parts: SessionsParts): SessionHandlers<'listSessions' | 'endSession' | 'endOtherSessions'> {
  const { database } = parts;
  return {
    async listSessions(_request, context) {
      const { userId, sessionId } = requirePerson(context.caller);
      const sessions = await database.run(context.signal, (connection) => readSessions(connection, userId, sessionId));
      return { sessions };
    },
    async endSession(request, context) {
      const { userId, sessionId } = requirePerson(context.caller);
      const id = readOptionalUuid(request.id, 'id');
      await database.transaction(context.signal, async (connection) => {
        const own = await readSessions(connection, userId, sessionId);
        if (id === undefined || !own.some((session) => session.id === id)) throw notFound('session', 'id');
        const ended = await revoke(connection, { sessionId: id });
        await recordEnd(connection, context, ended);
      });
      parts.onCommitted();
      if (id === sessionId) context.setHeader('set-cookie', parts.cookie.clear);
      return {};
    },
    async endOtherSessions(_request, context) {
      const { userId, sessionId } = requirePerson(context.caller);
      const endedCount = await database.transaction(context.signal, async (connection) => {
        const live = await readSessions(connection, userId, sessionId);
        const ended = await revoke(connection, { userId, sparedSessionId: sessionId });
        await recordEnd(connection, context, ended);
        return live.filter(({ isCurrent }) => !isCurrent).length;
      });
      parts.onCommitted();
      return { endedCount };
    },
  };
}

async function recordEnd(connection: Connection, context: CallContext, count: number): Promise<void> {
  if (count === 0) return;
  const { caller, address, requestId } = context;
  const detail = count === 1 ? 'one session' : `${count} sessions`;
  await recordAccess(connection, {
    kind: 'SESSION_ENDED',
    actor: caller,
    address,
    userId: caller.id,
    detail,
    requestId,
  });
}
