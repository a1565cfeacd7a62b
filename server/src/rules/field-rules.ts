import { type User, UserRole } from '@roster/proto/gen/userservice/v1/user';
import type { MaskField } from '@roster/proto/mask-paths';
import type { Caller } from '../rpc/context.ts';
import { includesRole } from './access.ts';

/** What may be changed of whom, by whom. */
export interface FieldRule {
  /** A field of a user; `*` stands for all that have no row of their own, and for deleting, restoring, inviting. */
  readonly field: MaskField | '*';
  /** The role of the person who is changed; for `role` also the one that they are given. */
  readonly targetRole: UserRole;
  readonly leastRole: UserRole;
  /** Asked of a person who changes it, and not of one who creates somebody. */
  readonly needsFreshSignIn: boolean;
}

const leastRoles = [
  { targetRole: UserRole.VIEWER, leastRole: UserRole.EDITOR },
  { targetRole: UserRole.EDITOR, leastRole: UserRole.EDITOR },
  { targetRole: UserRole.ADMIN, leastRole: UserRole.ADMIN },
] as const;

/** Whoever can change an email can make its owner's links go elsewhere; a role is rights. So both ask anew who it is. */
export const fieldRules: readonly FieldRule[] = leastRoles.flatMap((row) => [
  { field: '*', ...row, needsFreshSignIn: false },
  { field: 'email', ...row, needsFreshSignIn: true },
  { field: 'role', ...row, needsFreshSignIn: true },
]);

/** What a call is about to do to a person. */
export interface PersonChange {
  /** As the person is now, read under the lock of the row; undefined for one who is created. */
  readonly before: Pick<User, 'role'> | undefined;
  readonly after: Pick<User, 'role'>;
  /** The fields that really change. None for what is done to a person as a whole: deleting, restoring, inviting. */
  readonly fields: Iterable<MaskField>;
}

/** Why a change is refused. */
export type Refusal = 'TARGET_ABOVE_ROLE' | 'ROLE_ABOVE_OWN' | 'FRESH_SIGN_IN_REQUIRED';

/** Decides by the rows above, and nothing else does, whether a caller may make a change; undefined if so. What has no row is refused. */
export function decideChange(
  caller: Pick<Caller, 'role' | 'isFresh'>,
  { before, after, fields }: PersonChange,
): Refusal | undefined {
  const changed = [...fields];
  const touched = changed.length === 0 ? (['*'] as const) : changed;
  const isGiven = !before || before.role !== after.role;
  const rules = before ? touched.map((field) => ruleOf(field, before.role)) : [];
  if (!rules.every((rule) => allows(rule, caller))) return 'TARGET_ABOVE_ROLE';
  if (isGiven && !allows(ruleOf('role', after.role), caller)) return 'ROLE_ABOVE_OWN';
  return rules.some((rule) => rule?.needsFreshSignIn) && !caller.isFresh ? 'FRESH_SIGN_IN_REQUIRED' : undefined;
}

function ruleOf(field: FieldRule['field'], targetRole: UserRole): FieldRule | undefined {
  const rows = fieldRules.filter((row) => row.targetRole === targetRole);
  return rows.find((row) => row.field === field) ?? rows.find((row) => row.field === '*');
}

function allows(rule: FieldRule | undefined, caller: Pick<Caller, 'role'>): boolean {
  return rule !== undefined && includesRole(caller.role, rule.leastRole);
}
