import type { Connection } from '../database/database.ts';

/** A passkey as it is kept: the public half of a key pair. */
export interface StoredPasskey {
  /** The credential id of WebAuthn, base64url. */
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  /** COSE key. */
  readonly publicKey: Buffer;
  readonly counter: number;
  readonly transports: readonly string[];
  /** It is kept in an account that its owner's devices share. */
  readonly isSynced: boolean;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly lastUsedAt: number | undefined;
}

interface PasskeyRow {
  readonly id: string;
  readonly user_id: string;
  readonly name: string;
  readonly public_key: Buffer;
  readonly counter: number;
  readonly transports: string[];
  readonly is_synced: boolean;
  readonly created_at: number;
  readonly last_used_at: number | null;
}

const columns = 'id, user_id, name, public_key, counter, transports, is_synced, created_at, last_used_at';

/** Finds a passkey and keeps it from any other sign-in until the transaction ends, so that two cannot use one count. */
export async function lockPasskey(connection: Connection, id: string): Promise<StoredPasskey | undefined> {
  const [row] = await connection.query<PasskeyRow>(`select ${columns} from passkeys where id = $1 for update`, [id]);
  return row && passkeyFromRow(row);
}

/** The passkeys of a user, the newest first. */
export async function readPasskeys(connection: Connection, userId: string): Promise<readonly StoredPasskey[]> {
  const rows = await connection.query<PasskeyRow>(
    `select ${columns} from passkeys where user_id = $1 order by created_at desc, id`,
    [userId],
  );
  return rows.map(passkeyFromRow);
}

export async function notePasskeyUse(
  connection: Connection,
  id: string,
  { counter, isSynced }: Pick<StoredPasskey, 'counter' | 'isSynced'>,
): Promise<void> {
  await connection.query('update passkeys set counter = $2, is_synced = $3, last_used_at = now() where id = $1', [
    id,
    counter,
    isSynced,
  ]);
}

/** Undefined where this passkey is somebody's already. */
export async function insertPasskey(
  connection: Connection,
  passkey: Omit<StoredPasskey, 'createdAt' | 'lastUsedAt'>,
): Promise<StoredPasskey | undefined> {
  const [row] = await connection.query<PasskeyRow>(
    `insert into passkeys (id, user_id, name, public_key, counter, transports, is_synced, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, now()) on conflict (id) do nothing returning ${columns}`,
    [
      passkey.id,
      passkey.userId,
      passkey.name,
      passkey.publicKey,
      passkey.counter,
      passkey.transports,
      passkey.isSynced,
    ],
  );
  return row && passkeyFromRow(row);
}

/** Undefined where the user has no such passkey. */
export async function renamePasskey(
  connection: Connection,
  { id, userId, name }: Pick<StoredPasskey, 'id' | 'userId' | 'name'>,
): Promise<StoredPasskey | undefined> {
  const [row] = await connection.query<PasskeyRow>(
    `update passkeys set name = $3 where id = $1 and user_id = $2 returning ${columns}`,
    [id, userId, name],
  );
  return row && passkeyFromRow(row);
}

/** Whether the user had such a passkey. */
export async function deletePasskey(
  connection: Connection,
  { id, userId }: Pick<StoredPasskey, 'id' | 'userId'>,
): Promise<boolean> {
  const rows = await connection.query('delete from passkeys where id = $1 and user_id = $2 returning 1', [id, userId]);
  return rows.length > 0;
}

function passkeyFromRow(row: PasskeyRow): StoredPasskey {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    publicKey: row.public_key,
    counter: row.counter,
    transports: row.transports,
    isSynced: row.is_synced,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
  };
}
