import { Passkey } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { lengthOf } from '@roster/proto/limits';
import type { Connection } from '../../database/database.ts';
import { recordAccess } from '../../identity/access-events.ts';
import { holdRights } from '../../identity/caller-rights.ts';
import { keepChallenge, takeChallenge } from '../../identity/challenges.ts';
import { type NewPasskey, registrationOptions, verifyRegistration } from '../../identity/passkey-registration.ts';
import { insertPasskey, readPasskeys, renamePasskey, type StoredPasskey } from '../../identity/passkey-store.ts';
import { relyingPartyOf } from '../../identity/relying-party.ts';
import type { CallContext } from '../../rpc/context.ts';
import { alreadyExists, failedPrecondition, invalidArgument, notFound } from '../../rpc/rpc-error.ts';
import { timestampOf } from '../../store/user-row.ts';
import type { CredentialHandlers } from './credential-handlers.ts';
import type { CredentialsParts } from './credentials-parts.ts';
import { removePasskey } from './remove-passkey.ts';

/** Of one person: more than anybody has devices, and few enough to be sent to a browser. */
const passkeysMax = 20;
const nameLengthMax = 60;

/** The passkeys of the person who calls. */
export function passkeys(
  parts: CredentialsParts,
): CredentialHandlers<
  'beginPasskeyRegistration' | 'finishPasskeyRegistration' | 'listPasskeys' | 'renamePasskey' | 'deletePasskey'
> {
  const { database } = parts;
  return {
    async beginPasskeyRegistration(_request, context) {
      const challenge = await database.transaction(context.signal, (connection) =>
        beginRegistration(connection, context),
      );
      return { challenge };
    },
    async finishPasskeyRegistration({ challengeId, responseJson, name }, context) {
      const givenName = readName(name);
      const userId = callerId(context);
      const challenge = await database.run(context.signal, (connection) =>
        takeChallenge(connection, 'passkey-registration', challengeId),
      );
      if (challenge?.userId !== userId) throw challengeInvalid();
      const made = await verifyRegistration(relyingPartyOf(context), challenge.data['challenge'] ?? '', responseJson);
      if (!made) throw passkeyInvalid();
      const passkey = { ...made, userId, name: givenName || kindOf(made) };
      const kept = await database.transaction(context.signal, (connection) => addPasskey(connection, context, passkey));
      return { passkey: toMessage(kept) };
    },
    async listPasskeys(_request, context) {
      const kept = await database.run(context.signal, (connection) => readPasskeys(connection, callerId(context)));
      return { passkeys: kept.map(toMessage) };
    },
    async renamePasskey({ id, name }, context) {
      const wanted = { id, userId: callerId(context), name: readName(name) };
      if (wanted.name === '') {
        throw invalidArgument([{ field: 'name', description: 'Enter a name.', reason: 'REQUIRED' }]);
      }
      const kept = await database.transaction(context.signal, (connection) => rename(connection, context, wanted));
      return { passkey: toMessage(kept) };
    },
    async deletePasskey({ id }, context) {
      await database.transaction(context.signal, (connection) =>
        removePasskey(connection, context, { id, userId: callerId(context) }),
      );
      return {};
    },
  };
}

async function beginRegistration(connection: Connection, context: CallContext) {
  const userId = callerId(context);
  const known = await readPasskeys(connection, userId);
  if (known.length >= passkeysMax) throw tooManyPasskeys();
  const [person] = await connection.query<{ name: string; email: string }>(
    'select name, email from users where id = $1',
    [userId],
  );
  const whom = { id: userId, name: person?.name ?? '', email: person?.email ?? '' };
  const { challenge, json } = await registrationOptions(relyingPartyOf(context), whom, known);
  const id = await keepChallenge(connection, 'passkey-registration', { userId, data: { challenge } });
  return { id, optionsJson: json };
}

async function addPasskey(
  connection: Connection,
  context: CallContext,
  passkey: Parameters<typeof insertPasskey>[1],
): Promise<StoredPasskey> {
  await holdRights(connection, context.caller);
  if ((await readPasskeys(connection, passkey.userId)).length >= passkeysMax) throw tooManyPasskeys();
  const kept = await insertPasskey(connection, passkey);
  if (!kept) throw passkeyTaken();
  const { caller: actor, address, requestId } = context;
  await recordAccess(connection, { kind: 'PASSKEY_ADDED', actor, address, userId: passkey.userId, requestId });
  return kept;
}

async function rename(
  connection: Connection,
  { caller: actor, address, requestId }: CallContext,
  wanted: Parameters<typeof renamePasskey>[1],
): Promise<StoredPasskey> {
  await holdRights(connection, actor);
  const kept = await renamePasskey(connection, wanted);
  if (!kept) throw notFound('passkey', 'id');
  const { userId, name: detail } = wanted;
  await recordAccess(connection, { kind: 'PASSKEY_RENAMED', actor, address, userId, detail, requestId });
  return kept;
}

/** Only a person has passkeys; the table of access lets no program come so far. */
function callerId({ caller }: CallContext): string {
  if (caller.userId === undefined) throw new Error('A program has no passkeys.');
  return caller.userId;
}

function readName(text: string): string {
  const name = text.trim();
  if (lengthOf(name) > nameLengthMax) throw badName(`At most ${nameLengthMax} characters.`, 'TOO_LONG');
  if (/\p{Cc}/u.test(name)) throw badName('Use no control characters.', 'CONTROL_CHARACTER');
  return name;
}

function kindOf({ isSynced, transports }: NewPasskey): string {
  if (isSynced) return 'Synced passkey';
  return transports.includes('internal') ? 'Passkey of this device' : 'Security key';
}

function toMessage({ id, name, createdAt, lastUsedAt, isSynced }: StoredPasskey): Passkey {
  const lastUsed = lastUsedAt === undefined ? {} : { lastUsedAt: timestampOf(lastUsedAt) };
  return Passkey.create({ id, name, createdAt: timestampOf(createdAt), isSynced, ...lastUsed });
}

function badName(description: string, reason: string) {
  return invalidArgument([{ field: 'name', description, reason }]);
}

function challengeInvalid() {
  const description = 'This took too long, or was answered already. Begin anew.';
  return invalidArgument([{ field: 'challenge_id', description, reason: 'CHALLENGE_INVALID' }]);
}

function passkeyInvalid() {
  const description = 'This passkey was not made for this page, or without checking that it is you.';
  return invalidArgument([{ field: 'response_json', description, reason: 'PASSKEY_INVALID' }]);
}

function passkeyTaken() {
  const description = 'This passkey is in use already.';
  return alreadyExists({ field: 'response_json', description, reason: 'PASSKEY_TAKEN' });
}

function tooManyPasskeys() {
  const description = `You have ${passkeysMax} passkeys. Remove one first.`;
  return failedPrecondition({ type: 'TOO_MANY_PASSKEYS', subject: 'passkeys', description });
}
