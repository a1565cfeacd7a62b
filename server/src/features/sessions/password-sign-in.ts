import { SignInMethod, type SignInWithPasswordResponse } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { hasAdmin } from '../../identity/admins.ts';
import { subjectsOfSignIn } from '../../identity/attempt-subjects.ts';
import { passwordLimits } from '../../identity/password-limits.ts';
import { findAccount } from '../../identity/password-store.ts';
import { signIn } from '../../identity/sign-in.ts';
import { beginSecondFactor } from './passkey-sign-in.ts';
import { acceptProof, provePassword } from './prove-password.ts';
import type { SessionHandlers } from './session-handlers.ts';
import type { SessionsParts } from './sessions-parts.ts';

/** Sign-in with email and password. */
export function passwordSignIn(parts: SessionsParts): SessionHandlers<'getSignInOptions' | 'signInWithPassword'> {
  const { database } = parts;
  return {
    async getSignInOptions(_request, context) {
      const isSetUp = await database.run(context.signal, (connection) => hasAdmin(connection));
      return {
        needsSetup: !isSetUp,
        oidcName: parts.oidc?.name ?? '',
        sendsMail: parts.sendsMail,
        passwordLengthMin: passwordLimits.min,
      };
    },
    async signInWithPassword({ email, password }, context): Promise<SignInWithPasswordResponse> {
      const guess = await database.run(context.signal, async (connection) => {
        const account = await findAccount(connection, email);
        const { address } = context;
        const subjects = await subjectsOfSignIn(connection, { email, userId: account?.userId, address });
        return { account, password, way: 'password', subjects } as const;
      });
      const proof = await provePassword(parts, context, guess);
      const { userId } = proof.account;
      const result = await database.transaction(context.signal, async (connection) => {
        await acceptProof(connection, proof);
        const secondFactor = await beginSecondFactor(parts, connection, context, userId);
        if (secondFactor) return { secondFactor };
        return signIn(parts, connection, context, { userId, method: SignInMethod.PASSWORD });
      });
      if ('secondFactor' in result) return { result: { oneofKind: 'secondFactor', ...result } };
      parts.onCommitted();
      context.setHeader('set-cookie', parts.cookie.set(result.secret));
      return { result: { oneofKind: 'session', session: result.session } };
    },
  };
}
