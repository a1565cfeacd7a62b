import { LinkPurpose } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { v7 as uuidV7 } from 'uuid';
import type { Connection } from '../database/database.ts';
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

/** Makes a link, and ends the earlier ones of the same person, or of the set-up. Returns its secret: this once. */
export async function createLink(
  connection: Connection,
  link: { readonly purpose: LinkPurpose; readonly userId: string | undefined; readonly createdBy: string },
): Promise<{ readonly secret: string; readonly expiresAt: Date }> {
  const secret = newSecret();
  await connection.query(
    'update one_time_links set ended_at = now() where user_id is not distinct from $1::uuid and ended_at is null',
    [link.userId ?? null],
  );
  const [row] = await connection.query<{ expires_at: number }>(
    `insert into one_time_links (id, secret_hash, purpose, user_id, created_by, created_at, expires_at)
     values ($1, $2, $3, $4, $5, now(), now() + $6 * interval '1 ms') returning expires_at`,
    [uuidV7(), hashSecret(secret), link.purpose, link.userId ?? null, link.createdBy, lifetimeMs[link.purpose]],
  );
  return { secret, expiresAt: new Date(row?.expires_at ?? 0) };
}

/** The part of the console's address that a link leads to. The secret stands after `#`, which no browser sends anywhere. */
export function linkPath(purpose: LinkPurpose, secret: string): string {
  return `${purpose === LinkPurpose.SETUP ? '/setup' : '/accept'}#${secret}`;
}

const isLive = 'ended_at is null and expires_at > now()';

/** Finds a link without using it; undefined for one that was used, replaced, has expired, or never was. */
export async function findLink(connection: Connection, secret: string): Promise<LiveLink | undefined> {
  if (!isSecret(secret)) return undefined;
  const rows = await connection.query<LinkRow>(
    `select id, purpose, user_id, expires_at from one_time_links where secret_hash = $1 and ${isLive}`,
    [hashSecret(secret)],
  );
  return rows[0] && linkFromRow(rows[0]);
}

/** Uses a link: of any number of callers at one time exactly one gets it. */
export async function takeLink(connection: Connection, secret: string): Promise<LiveLink | undefined> {
  if (!isSecret(secret)) return undefined;
  const rows = await connection.query<LinkRow>(
    `update one_time_links set ended_at = now() where secret_hash = $1 and ${isLive} returning id, purpose, user_id, expires_at`,
    [hashSecret(secret)],
  );
  return rows[0] && linkFromRow(rows[0]);
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
