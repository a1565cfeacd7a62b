import { type User, UserRole } from '@roster/proto/gen/userservice/v1/user';
import type { Access } from '../../../session/access.ts';

const service = '/userservice.v1.UserService';

/** What the person who is signed in may do to a user. */
export interface UserRights {
  /** `name`, `address.city` or another path of the form. */
  mayChange(field: string): boolean;
  mayGive(role: UserRole): boolean;
  mayDelete: boolean;
  mayRestore: boolean;
  mayInvite: boolean;
  /** Why the user cannot be changed at all, in words; undefined where something can. */
  readonly reason: string | undefined;
}

export function rightsOver({ role }: Pick<User, 'role'>, access: Access): UserRights {
  const mayEdit = access.may(`${service}/UpdateUser`);
  const mayTouch = access.mayChange('*', role);
  return {
    mayChange: (field) => mayEdit && access.mayChange(field.replace(/[.[].*$/, ''), role),
    mayGive: access.mayGive,
    mayDelete: mayTouch && access.may(`${service}/DeleteUser`),
    mayRestore: mayTouch && access.may(`${service}/UndeleteUser`),
    mayInvite: mayTouch && access.may('/roster.credentials.v1.CredentialService/CreateLink'),
    reason: reasonAgainst(mayEdit, mayTouch, role),
  };
}

function reasonAgainst(mayEdit: boolean, mayTouch: boolean, role: UserRole): string | undefined {
  if (!mayEdit) return 'You may look at people, but your role does not let you change them.';
  if (mayTouch) return undefined;
  return role === UserRole.ADMIN
    ? 'Only admins may change an admin. You may look.'
    : 'Your role does not let you change this person. You may look.';
}
