import type { Connection } from '../database/database.ts';
import type { Caller } from '../rpc/context.ts';

/** What happens around sign-in and is written down for good. */
export type AccessEventKind =
  | 'SIGNED_IN'
  | 'SIGN_IN_FAILED'
  | 'SIGNED_OUT'
  | 'SESSION_ENDED'
  | 'IDENTITY_CONFIRMED'
  | 'SETUP_COMPLETED'
  | 'LINK_CREATED'
  | 'LINK_ACCEPTED'
  | 'PASSWORD_CHANGED'
  | 'PASSKEY_ADDED'
  | 'PASSKEY_RENAMED'
  | 'PASSKEY_REMOVED'
  | 'OIDC_LINKED'
  | 'TOKEN_CREATED'
  | 'TOKEN_REVOKED'
  | 'PURGED'
  | 'RESTORED';

export interface AccessEvent {
  readonly kind: AccessEventKind;
  readonly actor: Pick<Caller, 'id' | 'name' | 'sessionId' | 'tokenId'>;
  readonly address: string;
  /** Whom it concerns. */
  readonly userId?: string;
  /** What the browser calls itself. */
  readonly device?: string;
  /** In words; never a secret, never an email address. */
  readonly detail?: string;
  readonly requestId: string;
}

/** Writes an event down, in the transaction of what it tells. */
export async function recordAccess(connection: Connection, event: AccessEvent): Promise<void> {
  const { actor } = event;
  await connection.query(
    `insert into access_events (at, kind, actor_id, actor, session_id, token_id, address, user_id, device, detail, request_id)
     values (now(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      event.kind,
      actor.id,
      actor.name,
      actor.sessionId ?? null,
      actor.tokenId ?? null,
      event.address,
      event.userId ?? null,
      event.device ?? '',
      event.detail ?? '',
      event.requestId,
    ],
  );
}
