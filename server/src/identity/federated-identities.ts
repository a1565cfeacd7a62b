import type { Connection } from '../database/database.ts';
import type { OidcIdentity } from './oidc-provider.ts';

/** The user whom an identity elsewhere belongs to. It stays theirs until the transaction ends. */
export async function findFederatedUser(
  connection: Connection,
  { issuer, subject }: Pick<OidcIdentity, 'issuer' | 'subject'>,
): Promise<string | undefined> {
  const [row] = await connection.query<{ user_id: string }>(
    'select user_id from federated_identities where issuer = $1 and subject = $2 for share',
    [issuer, subject],
  );
  return row?.user_id;
}

/** Links an identity to a user, in place of one that they had at the same provider. False where it is somebody else's. */
export async function linkIdentity(
  connection: Connection,
  userId: string,
  { issuer, subject, provider }: Pick<OidcIdentity, 'issuer' | 'subject' | 'provider'>,
): Promise<boolean> {
  await connection.query('delete from federated_identities where user_id = $1 and issuer = $2', [userId, issuer]);
  const rows = await connection.query(
    `insert into federated_identities (issuer, subject, user_id, linked_at, provider) values ($1, $2, $3, now(), $4)
     on conflict (issuer, subject) do nothing returning 1`,
    [issuer, subject, userId, provider],
  );
  return rows.length > 0;
}
