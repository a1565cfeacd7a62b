import { UserRole } from '@roster/proto/gen/userservice/v1/user';

/** The least role that may call each method. The server does not start with a method that has no row. */
const leastRoles: ReadonlyMap<string, UserRole> = new Map(
  Object.entries({
    '/userservice.v1.UserService/GetUser': UserRole.VIEWER,
    '/userservice.v1.UserService/ListUsers': UserRole.VIEWER,
    '/userservice.v1.UserService/CreateUser': UserRole.EDITOR,
    '/userservice.v1.UserService/UpdateUser': UserRole.EDITOR,
    '/userservice.v1.UserService/DeleteUser': UserRole.EDITOR,
    '/userservice.v1.UserService/UndeleteUser': UserRole.EDITOR,
    '/userservice.v1.UserService/BulkCreateUsers': UserRole.EDITOR,
    '/userservice.v1.UserService/SyncUsers': UserRole.EDITOR,
  }),
);

export const access = {
  /** Whether the method has a row. */
  knows: (method: string): boolean => leastRoles.has(method),
  /** Whether the role may call the method. A method without a row is refused to everybody. */
  allows(role: UserRole, method: string): boolean {
    const least = leastRoles.get(method);
    return least !== undefined && includesRole(role, least);
  },
};

const ranks: Readonly<Record<UserRole, number>> = {
  [UserRole.UNSPECIFIED]: 0,
  [UserRole.VIEWER]: 1,
  [UserRole.EDITOR]: 2,
  [UserRole.ADMIN]: 3,
};

/** Whether a role includes all that `least` may do. A role that this server does not know includes nothing. */
export function includesRole(role: UserRole, least: UserRole): boolean {
  const rank = ranks[role] ?? 0;
  return rank > 0 && rank >= ranks[least];
}
