import { recordAccess } from '../../identity/access-events.ts';
import { holdRights } from '../../identity/caller-rights.ts';
import { endLinks } from '../../identity/link-store.ts';
import { readAccount, setPassword } from '../../identity/password-store.ts';
import { requirePerson } from '../../identity/require-person.ts';
import { revoke } from '../../identity/revoke.ts';
import { invalidArgument, unauthenticated } from '../../rpc/rpc-error.ts';
import type { CredentialHandlers } from './credential-handlers.ts';
import type { CredentialsParts } from './credentials-parts.ts';

/** The password of the person who calls. */
export function passwords(parts: CredentialsParts): CredentialHandlers<'changePassword'> {
  const { database } = parts;
  return {
    async changePassword({ password }, context) {
      const { userId, sessionId } = requirePerson(context.caller);
      const account = await database.run(context.signal, (connection) => readAccount(connection, userId));
      if (!account) throw unauthenticated('NOT_SIGNED_IN', 'You are not signed in.');
      const violations = parts.passwords.validate(password, account);
      if (violations.length > 0) throw invalidArgument(violations);
      const hash = await parts.passwords.hash(password, context.signal);
      await database.transaction(context.signal, async (connection) => {
        await holdRights(connection, context.caller);
        await setPassword(connection, userId, hash);
        await endLinks(connection, userId);
        await revoke(connection, { userId, sparedSessionId: sessionId });
        const { caller, address, requestId } = context;
        await recordAccess(connection, { kind: 'PASSWORD_CHANGED', actor: caller, address, userId, requestId });
      });
      parts.onCommitted();
      return {};
    },
  };
}
