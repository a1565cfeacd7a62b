import type { Timestamp } from '@roster/proto/gen/google/protobuf/timestamp';
import type { GetSessionResponse, SignInMethod } from '@roster/proto/gen/roster/sessions/v1/session_service';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { epochMs } from '@roster/proto/order';
import type { AppError } from '../rpc/app-error.ts';
import { type Access, createAccess } from './access.ts';

/** Who is signed in, until when, and what they may do. Times are epoch milliseconds by this machine's clock, whatever that says. */
export interface SignedIn {
  readonly sessionId: string;
  readonly user: User;
  readonly access: Access;
  readonly method: SignInMethod;
  readonly lastActiveAt: number;
  /** The session ends then, whatever its person does. */
  readonly expiresAt: number;
  /** The session ends then unless its person does something. */
  readonly idleExpiresAt: number;
  readonly hasPassword: boolean;
  readonly passkeyCount: number;
  /** How many days deleted people stay in the bin; 0 for ever. */
  readonly binDays: number;
}

/** Reads the answer of GetSession, and moves its times from the server's clock to the one by which it was received. */
export function toSignedIn(answer: GetSessionResponse, receivedAt: number): SignedIn {
  const { session, user, role, access, hasPassword, passkeyCount, binDays } = answer;
  if (!session || !user || !access || !answer.now) throw withoutSession;
  const shift = receivedAt - epochMs(answer.now);
  const local = (time: Timestamp | undefined) => epochMs(time) + shift;
  return {
    sessionId: session.id,
    user,
    access: createAccess(access, role),
    method: session.method,
    lastActiveAt: local(session.lastActiveAt),
    expiresAt: local(session.expiresAt),
    idleExpiresAt: local(session.idleExpiresAt),
    hasPassword,
    passkeyCount,
    binDays,
  };
}

/** When the session ends if nothing is done, and whether doing something would help. */
export function endOf({ expiresAt, idleExpiresAt }: SignedIn): { readonly at: number; readonly isFinal: boolean } {
  return expiresAt <= idleExpiresAt ? { at: expiresAt, isFinal: true } : { at: idleExpiresAt, isFinal: false };
}

const withoutSession: AppError = { kind: 'fault', message: 'The server did not say who is signed in.' };
