import { LinkPurpose } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { v7 as uuidV7 } from 'uuid';
import type { Connection } from '../database/database.ts';
import type { Caller } from '../rpc/context.ts';
import { permissionDenied, type RpcError } from '../rpc/rpc-error.ts';
import { lifetimes } from './lifetimes.ts';
import { hashSecret, isSecret, newSecret } from './secrets.ts';

/** A one-time link that is good now. */
export interface LiveLink {
  readonly id: string;
  readonly purpose: LinkPurpose;
  /** Absent for a set-up. */
  readonly userId: string | undefined;
  readonly expiresAt: Date;
}

const lifetimeMs: Readonly<Record<LinkPurpose, number>> = {
  [LinkPurpose.UNSPECIFIED]: 0,
  [LinkPurpose.SETUP]: lifetimes.setupLinkMs,
  [LinkPurpose.INVITATION]: lifetimes.invitationMs,
  [LinkPurpose.PASSWORD_RESET]: lifetimes.resetLinkMs,
  [LinkPurpose.RECOVERY]: lifetimes.invitationMs,
};

/** By whose rights a link is made. It never lets anybody in whose role is higher. */
export type LinkMaker = Pick<Caller, 'role' | 'userId' | 'tokenId' | 'expiresAt'>;

/** What is done on the machine itself stands on nobody's rights. */
export const hostMaker: LinkMaker = {
  role: UserRole.ADMIN,
  userId: undefined,
  tokenId: undefined,
  expiresAt: undefined,
};

/**
 * Makes a link, and ends the earlier ones of the same person, or of the set-up. One to reset a password, which anybody can ask for, ends only those of its kind.
 * A program's expires no later than its token. Returns its secret: this once. Lock the person's row first.
 */
export async function createLink(
  connection: Connection,
  link: {
    readonly purpose: LinkPurpose;
    readonly userId: string | undefined;
    readonly maker: LinkMaker;
    /** By default a random one. */
    readonly secret?: string;
  },
): Promise<{ readonly secret: string; readonly expiresAt: Date }> {
  const { purpose, userId, maker, secret = newSecret() } = link;
  await endLinks(connection, userId, purpose === LinkPurpose.PASSWORD_RESET ? purpose : undefined);
  const [row] = await connection.query<{ expires_at: number }>(
    `insert into one_time_links (id, secret_hash, purpose, user_id, email_hash, maker_id, maker_token_id, maker_role, created_at, expires_at)
     values ($1, $2, $3, $4, (select ${emailHash} from users u where u.id = $4), $5, $6, $7, now(),
       least(now() + $8 * interval '1 ms', $9))
     returning expires_at`,
    [
      uuidV7(),
      hashSecret(secret),
      purpose,
      userId ?? null,
      maker.userId ?? null,
      maker.tokenId ?? null,
      maker.role,
      lifetimeMs[purpose],
      maker.tokenId === undefined ? null : (maker.expiresAt ?? null),
    ],
  );
  return { secret, expiresAt: new Date(row?.expires_at ?? 0) };
}

/** Ends the links of a person, or of the set-up; all of them, or those of one purpose. */
export async function endLinks(
  connection: Connection,
  userId: string | undefined,
  purpose?: LinkPurpose,
): Promise<void> {
  await connection.query(
    `update one_time_links set ended_at = now()
     where user_id is not distinct from $1::uuid and ended_at is null and ($2::smallint is null or purpose = $2)`,
    [userId ?? null, purpose ?? null],
  );
}

/** The part of the console's address that a link leads to. The secret stands after `#`, which no browser sends anywhere. */
export function linkPath(purpose: LinkPurpose, secret: string): string {
  return `${purpose === LinkPurpose.SETUP ? '/setup' : '/accept'}#${secret}`;
}

const emailHash = `sha256(convert_to(u.email_unique, 'UTF8'))`;

/**
 * A link is good for the person as they were when it was made, with the same address and a role that its maker could give; and as long as the maker may still do what
 * they could then, and the maker's token is good. The roles' numbers fall as their rights grow.
 */
export const isLiveLink = `l.ended_at is null and l.expires_at > now()
  and (l.user_id is null or exists (
    select from users u where u.id = l.user_id and u.state = ${UserState.ACTIVE} and u.deleted_at is null
      and u.role >= l.maker_role and ${emailHash} = l.email_hash))
  and (l.maker_id is null or exists (
    select from users m where m.id = l.maker_id and m.state = ${UserState.ACTIVE} and m.deleted_at is null and m.role <= l.maker_role))
  and (l.maker_token_id is null or exists (
    select from api_tokens t where t.id = l.maker_token_id and t.revoked_at is null and t.expires_at > now()))`;

/** Finds a link without using it; undefined for one that was used, replaced, has expired, or never was. */
export async function findLink(connection: Connection, secret: string): Promise<LiveLink | undefined> {
  if (!isSecret(secret)) return undefined;
  const rows = await connection.query<LinkRow>(
    `select l.id, l.purpose, l.user_id, l.expires_at from one_time_links l where l.secret_hash = $1 and ${isLiveLink}`,
    [hashSecret(secret)],
  );
  return rows[0] && linkFromRow(rows[0]);
}

/** A link of a person that was made once, whether or not it is still good. */
export interface MadeLink {
  readonly userId: string;
  readonly purpose: LinkPurpose;
  readonly expiresAt: Date;
}

export async function findMadeLink(connection: Connection, secret: string): Promise<MadeLink | undefined> {
  const rows = await connection.query<LinkRow>(
    'select l.id, l.purpose, l.user_id, l.expires_at from one_time_links l where l.secret_hash = $1',
    [hashSecret(secret)],
  );
  const link = rows[0] && linkFromRow(rows[0]);
  return link?.userId === undefined ? undefined : { ...link, userId: link.userId };
}

/** Uses a link: of any number of callers at one time exactly one gets it. Its person's row is locked until the transaction ends. */
export async function takeLink(connection: Connection, secret: string): Promise<LiveLink | undefined> {
  return isSecret(secret) ? take(connection, 'secret_hash', hashSecret(secret)) : undefined;
}

/** The same for a link whose secret was seen before by `findLink`, and is no longer known. */
export function takeFoundLink(connection: Connection, { id }: Pick<LiveLink, 'id'>): Promise<LiveLink | undefined> {
  return take(connection, 'id', id);
}

async function take(
  connection: Connection,
  column: 'id' | 'secret_hash',
  value: string | Buffer,
): Promise<LiveLink | undefined> {
  await connection.query(
    `select from users where id = (select user_id from one_time_links where ${column} = $1) for update`,
    [value],
  );
  const rows = await connection.query<LinkRow>(
    `update one_time_links l set ended_at = now() where l.${column} = $1 and ${isLiveLink}
     returning l.id, l.purpose, l.user_id, l.expires_at`,
    [value],
  );
  return rows[0] && linkFromRow(rows[0]);
}

/** The answer to every secret that is no link's that is good now, whatever is wrong with it. */
export function linkInvalid(): RpcError {
  return permissionDenied(
    'LINK_INVALID',
    'This link has been used, has expired, or is no longer good. Ask for a new one.',
  );
}

interface LinkRow {
  readonly id: string;
  readonly purpose: LinkPurpose;
  readonly user_id: string | null;
  readonly expires_at: number;
}

function linkFromRow(row: LinkRow): LiveLink {
  return {
    id: row.id,
    purpose: row.purpose,
    userId: row.user_id ?? undefined,
    expiresAt: new Date(row.expires_at),
  };
}
