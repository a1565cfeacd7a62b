import type { AccessTable } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';

/** What somebody may do, by the table that the server itself applies. A screen hides by it what would be refused. */
export interface Access {
  readonly role: UserRole;
  /** Whether a method may be called, for example `/userservice.v1.UserService/CreateUser`. What has no row is refused. */
  may(method: string): boolean;
  /** Whether a field of a person with this role may be changed; `*` stands for the person as a whole: deleting, restoring, inviting. */
  mayChange(field: string, targetRole: UserRole): boolean;
  /** Whether somebody may be given this role. */
  mayGive(role: UserRole): boolean;
}

export function createAccess(table: AccessTable, role: UserRole): Access {
  const methods = new Map(table.methods.map((rule) => [rule.method, rule]));
  const isAllowed = (leastRole: UserRole | undefined) => leastRole !== undefined && includesRole(role, leastRole);
  function mayChange(field: string, targetRole: UserRole): boolean {
    const rules = table.fields.filter((rule) => rule.targetRole === targetRole);
    const rule = rules.find((each) => each.field === field) ?? rules.find((each) => each.field === '*');
    return isAllowed(rule?.leastRole);
  }
  return {
    role,
    may(method) {
      const rule = methods.get(method);
      return rule?.isOpen === true || isAllowed(rule?.leastRole);
    },
    mayChange,
    mayGive: (given) => mayChange('role', given),
  };
}

const ranks: Readonly<Partial<Record<UserRole, number>>> = {
  [UserRole.VIEWER]: 1,
  [UserRole.EDITOR]: 2,
  [UserRole.ADMIN]: 3,
};

/** Whether a role includes all that `least` may do. A role that this page does not know includes nothing, and is included by none. */
export function includesRole(role: UserRole, least: UserRole): boolean {
  const [has, needs] = [ranks[role], ranks[least]];
  return has !== undefined && needs !== undefined && has >= needs;
}
