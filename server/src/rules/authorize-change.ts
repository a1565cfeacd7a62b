import { type User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import type { MaskField } from '@roster/proto/mask-paths';
import type { Connection } from '../database/database.ts';
import { canSignInAsAdmin, hasAdmin, lockAdmins } from '../identity/admins.ts';
import { requireUnchangedRights } from '../identity/caller-rights.ts';
import type { Caller } from '../rpc/context.ts';
import { freshSignInRequired } from '../rpc/interceptors/authorize.ts';
import { failedPrecondition, permissionDenied, type RpcError } from '../rpc/rpc-error.ts';
import { includesRole } from './access.ts';
import { decideChange, type PersonChange } from './field-rules.ts';

/** A change of a person whose row is locked. */
export interface GuardedChange {
  readonly before: User;
  readonly after: User;
  /** As in `PersonChange`. */
  readonly fields: Iterable<MaskField>;
  /** Leads the paths of violations, for example `user.`. */
  readonly prefix: string;
  /** The caller has said a second time that they mean themselves. */
  readonly isSelfConfirmed: boolean;
}

/**
 * Refuses a change that its caller may not make: by the table of field-rules.ts; because the caller's own rights have ended since the call began; because no admin
 * would be left who can sign in; because callers would lock themselves out without a second step.
 *
 * Runs after the row is locked, in the transaction that writes, so that check and write are one.
 */
export async function authorizeChange(connection: Connection, caller: Caller, change: GuardedChange): Promise<void> {
  const { before, after } = change;
  requireRight(caller, change, change.prefix);
  const takesAdmin = isAdmin(before) && !isAdmin(after);
  // Two admins who take each other's role at one time: the guard puts them in a row, and the second is no admin any more.
  if (takesAdmin) await lockAdmins(connection);
  await requireUnchangedRights(connection, caller);
  if (takesAdmin && (await canSignInAsAdmin(connection, before.id)) && !(await hasAdmin(connection, before.id))) {
    throw lastAdmin(before.id);
  }
  if (before.id === caller.userId && !change.isSelfConfirmed && losesRights(before, after))
    throw unconfirmed(before.id);
}

/** Refuses the creation of somebody with a role that the caller may not give. */
export async function authorizeCreation(
  connection: Connection,
  caller: Caller,
  user: User,
  prefix: string,
): Promise<void> {
  requireRight(caller, { before: undefined, after: user, fields: [] }, prefix);
  await requireUnchangedRights(connection, caller);
}

/** The part that asks the table alone. */
export function requireRight(caller: Caller, change: PersonChange, prefix: string): void {
  const refusal = decideChange(caller, change);
  switch (refusal) {
    case undefined:
      return;
    case 'TARGET_ABOVE_ROLE':
      throw permissionDenied(refusal, 'Your role does not allow you to change this person.');
    case 'ROLE_ABOVE_OWN': {
      const description = 'Your role does not allow you to give this role.';
      throw permissionDenied(refusal, description, [{ field: `${prefix}role`, description, reason: refusal }]);
    }
    case 'FRESH_SIGN_IN_REQUIRED':
      throw freshSignInRequired();
  }
}

function isAdmin({ role, state, deletedAt }: User): boolean {
  return role === UserRole.ADMIN && mayEnter({ state, deletedAt });
}

function losesRights(before: User, after: User): boolean {
  return !includesRole(after.role, before.role) || (mayEnter(before) && !mayEnter(after));
}

function mayEnter({ state, deletedAt }: Pick<User, 'state'> & { readonly deletedAt?: unknown }): boolean {
  return state === UserState.ACTIVE && deletedAt === undefined;
}

function lastAdmin(id: string): RpcError {
  return failedPrecondition({
    type: 'LAST_ADMIN',
    subject: id,
    description: 'Nobody else could administer Roster then. Make somebody an admin first who can sign in.',
  });
}

function unconfirmed(id: string): RpcError {
  return failedPrecondition({
    type: 'SELF_CHANGE_UNCONFIRMED',
    subject: id,
    description: 'This takes rights away from yourself. Confirm that you mean it.',
  });
}
