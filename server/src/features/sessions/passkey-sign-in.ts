import { type PasskeyChallenge, SignInMethod } from '@roster/proto/gen/roster/sessions/v1/session_service';
import type { Connection } from '../../database/database.ts';
import { type Challenge, keepChallenge, takeChallenge } from '../../identity/challenges.ts';
import { assertionOptions, readAssertion, verifyAssertion } from '../../identity/passkey-assertion.ts';
import { lockPasskey, notePasskeyUse, readPasskeys, type StoredPasskey } from '../../identity/passkey-store.ts';
import { relyingPartyOf } from '../../identity/relying-party.ts';
import {
  confirmIdentity,
  findBrowserSession,
  requireBrowserSession,
  type SignedIn,
  signIn,
  signInFailed,
} from '../../identity/sign-in.ts';
import type { CallContext } from '../../rpc/context.ts';
import type { SessionHandlers } from './session-handlers.ts';
import type { SessionsParts } from './sessions-parts.ts';

/** Sign-in with a passkey. */
export function passkeySignIn(parts: SessionsParts): SessionHandlers<'beginPasskeySignIn' | 'finishPasskeySignIn'> {
  const { database } = parts;
  return {
    async beginPasskeySignIn({ confirms }, context) {
      const challenge = await database.run(context.signal, async (connection) => {
        const data: Challenge['data'] = confirms
          ? { sessionId: (await requireBrowserSession(parts, connection, context)).id }
          : {};
        return askForPasskey(connection, context, { userId: undefined, passkeys: [], data });
      });
      return { challenge };
    },
    async finishPasskeySignIn({ challengeId, responseJson }, context) {
      const challenge = await database.run(context.signal, (connection) =>
        takeChallenge(connection, 'passkey-sign-in', challengeId),
      );
      if (!challenge) throw signInFailed('passkey');
      const { secret, session } = await database.transaction(context.signal, async (connection) => {
        const passkey = await provePasskey(connection, context, challenge, responseJson);
        return endSignIn(parts, connection, context, challenge, passkey);
      });
      parts.onCommitted();
      context.setHeader('set-cookie', parts.cookie.set(secret));
      return { session };
    },
  };
}

/**
 * Asks a person who has given the right password for a passkey; undefined where they have none. Who has a session already confirms it so. Runs in the transaction of
 * the call.
 */
export async function beginSecondFactor(
  _parts: SessionsParts,
  connection: Connection,
  context: CallContext,
  userId: string,
): Promise<PasskeyChallenge | undefined> {
  const passkeys = await readPasskeys(connection, userId);
  if (passkeys.length === 0) return undefined;
  const { sessionId } = context.caller;
  const data: Challenge['data'] = sessionId === undefined ? {} : { sessionId };
  return askForPasskey(connection, context, { userId, passkeys, data });
}

async function askForPasskey(
  connection: Connection,
  context: CallContext,
  { userId, passkeys, data }: Challenge & { readonly passkeys: readonly StoredPasskey[] },
): Promise<PasskeyChallenge> {
  const { challenge, json } = await assertionOptions(relyingPartyOf(context), passkeys);
  const id = await keepChallenge(connection, 'passkey-sign-in', { userId, data: { ...data, challenge } });
  return { id, optionsJson: json };
}

/** Finds the passkey that has answered, and judges the answer. The same error for whatever is wrong. */
async function provePasskey(
  connection: Connection,
  context: CallContext,
  { userId, data }: Challenge,
  responseJson: string,
): Promise<StoredPasskey> {
  const assertion = readAssertion(responseJson);
  const passkey = assertion && (await lockPasskey(connection, assertion.id));
  if (!passkey || (userId !== undefined && passkey.userId !== userId)) throw signInFailed('passkey');
  const use = await verifyAssertion(relyingPartyOf(context), passkey, data['challenge'] ?? '', assertion);
  if (!use) throw signInFailed('passkey');
  await notePasskeyUse(connection, passkey.id, use);
  return passkey;
}

/** A confirmation goes on with the session that it was begun in, whose streams stay open. */
async function endSignIn(
  parts: SessionsParts,
  connection: Connection,
  context: CallContext,
  challenge: Challenge,
  { userId }: StoredPasskey,
): Promise<SignedIn> {
  const { sessionId } = challenge.data;
  const isSecondFactor = challenge.userId !== undefined;
  if (sessionId !== undefined) {
    const session = await findBrowserSession(parts, connection, context);
    if (session?.id !== sessionId || session.userId !== userId) throw signInFailed('passkey');
    return confirmIdentity(connection, context, session);
  }
  const method = isSecondFactor ? SignInMethod.PASSWORD_AND_PASSKEY : SignInMethod.PASSKEY;
  return signIn(parts, connection, context, { userId, method });
}
