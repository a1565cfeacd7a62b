import { type ConfirmIdentityResponse, GetSessionResponse } from '@roster/proto/gen/roster/sessions/v1/session_service';
import type { Connection } from '../../database/database.ts';
import { recordAccess } from '../../identity/access-events.ts';
import { subjectsOfConfirmation } from '../../identity/attempt-subjects.ts';
import { requireUnchangedRights } from '../../identity/caller-rights.ts';
import { readAccount } from '../../identity/password-store.ts';
import { requirePerson } from '../../identity/require-person.ts';
import { revoke } from '../../identity/revoke.ts';
import { readOwnSession } from '../../identity/session-list.ts';
import { confirmIdentity } from '../../identity/sign-in.ts';
import type { CallContext, Caller } from '../../rpc/context.ts';
import { timestampOf } from '../../store/user-row.ts';
import { readUser } from '../../store/user-store.ts';
import { describeAccess } from './access-table.ts';
import { beginSecondFactor } from './passkey-sign-in.ts';
import { acceptProof, provePassword } from './prove-password.ts';
import type { SessionHandlers } from './session-handlers.ts';
import type { SessionsParts } from './sessions-parts.ts';

/** What concerns the session that calls. */
export function currentSession(parts: SessionsParts): SessionHandlers<'getSession' | 'confirmIdentity' | 'signOut'> {
  const { database } = parts;
  return {
    getSession: (_request, context) =>
      database.run(context.signal, (connection) => describeSession(connection, context.caller, parts.binDays)),
    async confirmIdentity({ password }, context): Promise<ConfirmIdentityResponse> {
      const { userId, sessionId } = requirePerson(context.caller);
      const account = await database.run(context.signal, (connection) => readAccount(connection, userId));
      const subjects = subjectsOfConfirmation(sessionId);
      const proof = await provePassword(parts, context, { account, password, way: 'confirmation', subjects });
      const result = await database.transaction(context.signal, async (connection) => {
        await acceptProof(connection, proof);
        await requireUnchangedRights(connection, context.caller);
        const secondFactor = await beginSecondFactor(parts, connection, context, userId);
        if (secondFactor) return { secondFactor };
        return confirmIdentity(connection, context, { id: sessionId, userId, userName: context.caller.name });
      });
      if ('secondFactor' in result) return { result: { oneofKind: 'secondFactor', ...result } };
      context.setHeader('set-cookie', parts.cookie.set(result.secret));
      return { result: { oneofKind: 'session', session: result.session } };
    },
    async signOut(_request, context) {
      const { sessionId } = requirePerson(context.caller);
      await database.transaction(context.signal, (connection) => endSession(connection, context, sessionId));
      parts.onCommitted();
      context.setHeader('set-cookie', parts.cookie.clear);
      return {};
    },
  };
}

async function endSession(connection: Connection, context: CallContext, sessionId: string): Promise<void> {
  const ended = await revoke(connection, { sessionId });
  if (ended === 0) return;
  const { caller, address, requestId } = context;
  await recordAccess(connection, { kind: 'SIGNED_OUT', actor: caller, address, userId: caller.id, requestId });
}

async function describeSession(connection: Connection, caller: Caller, binDays: number): Promise<GetSessionResponse> {
  const { sessionId, userId, role } = caller;
  const [counts] = await connection.query<{ now: number; has_password: boolean; passkeys: number }>(
    `select now() as now, exists (select from passwords where user_id = $1::uuid) as has_password,
       (select count(*)::int from passkeys where user_id = $1::uuid) as passkeys`,
    [userId ?? null],
  );
  const session = sessionId === undefined ? undefined : await readOwnSession(connection, sessionId);
  const user = userId === undefined ? undefined : await readUser(connection, userId);
  return GetSessionResponse.create({
    ...(session && { session }),
    ...(user && { user }),
    role,
    now: timestampOf(counts?.now ?? 0),
    access: describeAccess(),
    hasPassword: counts?.has_password ?? false,
    passkeyCount: counts?.passkeys ?? 0,
    binDays,
  });
}
