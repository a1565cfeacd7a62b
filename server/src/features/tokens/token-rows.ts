import { Token } from '@roster/proto/gen/roster/tokens/v1/token_service';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import type { Connection } from '../../database/database.ts';
import type { Caller } from '../../rpc/context.ts';
import { timestampOf } from '../../store/user-row.ts';

/** How many tokens a list holds at most, the newest; and so how many somebody may have at one time. */
export const tokensMax = 1000;

interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly role: UserRole;
  readonly scopes: string[];
  readonly owner_id: string | null;
  readonly owner_name: string | null;
  readonly created_at: number;
  readonly expires_at: number;
  readonly last_used_at: number | null;
  readonly last_used_address: string | null;
  readonly revoked_at: number | null;
}

const columns = `t.id, t.name, t.role, t.scopes, t.owner_id, u.name as owner_name, t.created_at, t.expires_at, t.last_used_at,
  t.last_used_address, t.revoked_at from api_tokens t left join users u on u.id = t.owner_id`;

/** An admin sees all tokens; anybody else those of the same owner, or, as a program without one, itself. */
const isVisible = `($1 or t.owner_id = $2 or t.id = $3)`;

function visibleTo({ role, userId, tokenId }: Caller): readonly unknown[] {
  return [role === UserRole.ADMIN, userId ?? null, tokenId ?? null];
}

/** The tokens that a caller may see, the newest first. */
export async function readTokens(connection: Connection, caller: Caller, showEnded: boolean): Promise<Token[]> {
  const rows = await connection.query<TokenRow>(
    `select ${columns} where ${isVisible} and ($4 or (t.revoked_at is null and t.expires_at > now()))
     order by t.created_at desc, t.id limit $5`,
    [...visibleTo(caller), showEnded, tokensMax],
  );
  return rows.map(tokenFromRow);
}

/** One token that the caller may see; undefined for any other. */
export async function readToken(connection: Connection, caller: Caller, id: string): Promise<Token | undefined> {
  const [row] = await connection.query<TokenRow>(`select ${columns} where ${isVisible} and t.id = $4`, [
    ...visibleTo(caller),
    id,
  ]);
  return row && tokenFromRow(row);
}

/** How many tokens of an owner, or of nobody, are good now. */
export async function countTokens(connection: Connection, ownerId: string | undefined): Promise<number> {
  const [row] = await connection.query<{ count: number }>(
    `select count(*) as count from api_tokens t
     where t.owner_id is not distinct from $1::uuid and t.revoked_at is null and t.expires_at > now()`,
    [ownerId ?? null],
  );
  return row?.count ?? 0;
}

function tokenFromRow(row: TokenRow): Token {
  const token = Token.create({
    id: row.id,
    name: row.name,
    role: row.role,
    scopes: row.scopes,
    ownerId: row.owner_id ?? '',
    ownerName: row.owner_name ?? '',
    createdAt: timestampOf(row.created_at),
    expiresAt: timestampOf(row.expires_at),
    lastUsedAddress: row.last_used_address ?? '',
  });
  if (row.last_used_at !== null) token.lastUsedAt = timestampOf(row.last_used_at);
  if (row.revoked_at !== null) token.revokedAt = timestampOf(row.revoked_at);
  return token;
}
