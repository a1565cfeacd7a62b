import type { UserRole } from '@roster/proto/gen/userservice/v1/user';
import type { Connection } from '../database/database.ts';
import { prepared } from '../database/prepared.ts';
import { lifetimes } from './lifetimes.ts';
import { type ApiTokenParts, formatApiToken, hashSecret, newApiToken } from './secrets.ts';

/** An API token that is good now, with its owner. */
export interface LiveToken {
  readonly id: string;
  readonly name: string;
  /** Never more than the owner's. */
  readonly role: UserRole;
  readonly scopes: readonly string[];
  /** Absent where it was made on the host. */
  readonly owner: { readonly id: string; readonly name: string } | undefined;
  readonly expiresAt: Date;
  readonly isUseDue: boolean;
}

const isLive = `t.revoked_at is null and t.expires_at > now() and (t.owner_id is null or (u.state = 1 and u.deleted_at is null))`;

const findTokenSql = prepared(
  `select t.name, t.role, u.role as owner_role, t.scopes, t.owner_id, u.name as owner_name, t.expires_at,
     coalesce(t.last_used_at < now() - $3 * interval '1 ms', true) as use_due
   from api_tokens t left join users u on u.id = t.owner_id where t.id = $1 and t.secret_hash = $2 and ${isLive}`,
);

export async function findToken(connection: Connection, { id, secret }: ApiTokenParts): Promise<LiveToken | undefined> {
  const [row] = await connection.query<{
    name: string;
    role: UserRole;
    owner_role: UserRole | null;
    scopes: string[];
    owner_id: string | null;
    owner_name: string | null;
    expires_at: number;
    use_due: boolean;
  }>(findTokenSql, [id, hashSecret(secret), lifetimes.activityMs]);
  if (!row) return undefined;
  return {
    id,
    name: row.name,
    role: lowerRole(row),
    scopes: row.scopes,
    owner: row.owner_id === null ? undefined : { id: row.owner_id, name: row.owner_name ?? '' },
    expiresAt: new Date(row.expires_at),
    isUseDue: row.use_due,
  };
}

const roleOfTokenSql = prepared(
  `select t.role, u.role as owner_role from api_tokens t left join users u on u.id = t.owner_id where t.id = $1 and ${isLive}`,
);

/** What a token may do now; undefined where it is over. */
export async function roleOfToken(connection: Connection, id: string): Promise<UserRole | undefined> {
  const [row] = await connection.query<{ role: UserRole; owner_role: UserRole | null }>(roleOfTokenSql, [id]);
  return row && lowerRole(row);
}

/** The roles' numbers fall as their rights grow. */
function lowerRole(row: { readonly role: UserRole; readonly owner_role: UserRole | null }): UserRole {
  return Math.max(row.role, row.owner_role ?? row.role);
}

/** Those of some tokens that are still good. */
export async function findLiveTokens(connection: Connection, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await connection.query<{ id: string }>(
    `select t.id from api_tokens t left join users u on u.id = t.owner_id where t.id = any($1) and ${isLive}`,
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
}

export async function noteUse(connection: Connection, id: string, address: string): Promise<void> {
  await connection.query('update api_tokens set last_used_at = now(), last_used_address = $2 where id = $1', [
    id,
    address,
  ]);
}

/** Makes a token, and returns it as its program will send it: this once. */
export async function createToken(
  connection: Connection,
  token: {
    readonly name: string;
    readonly role: UserRole;
    readonly scopes: readonly string[];
    readonly ownerId: string | undefined;
    /** The token that makes it; undefined where a person does, or the host. */
    readonly parentId: string | undefined;
    readonly expiresAt: Date;
  },
): Promise<{ readonly id: string; readonly text: string }> {
  const parts = newApiToken();
  await connection.query(
    `insert into api_tokens (id, secret_hash, name, owner_id, parent_id, role, scopes, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, now(), $8)`,
    [
      parts.id,
      hashSecret(parts.secret),
      token.name,
      token.ownerId ?? null,
      token.parentId ?? null,
      token.role,
      token.scopes,
      token.expiresAt,
    ],
  );
  return { id: parts.id, text: formatApiToken(parts) };
}
