import { type User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import type { AddressLine, Leaf } from '@roster/proto/mask-paths';

/** One choice of a list, as ui/select.tsx takes it. */
interface Choice<Value> {
  readonly value: Value;
  readonly label: string;
  readonly description: string;
}

export const roleOptions: readonly Choice<UserRole>[] = [
  { value: UserRole.ADMIN, label: 'Admin', description: 'Can do everything' },
  { value: UserRole.EDITOR, label: 'Editor', description: 'Can change everyone but admins' },
  { value: UserRole.VIEWER, label: 'Viewer', description: 'Can look, but change nothing' },
];

export const stateOptions: readonly Choice<UserState>[] = [
  { value: UserState.ACTIVE, label: 'Active', description: 'Can do what the role allows' },
  { value: UserState.SUSPENDED, label: 'Suspended', description: 'Can do nothing until active again' },
];

export const lineLabels: Readonly<Record<AddressLine, string>> = {
  street: 'Street',
  city: 'City',
  state: 'State or region',
  country: 'Country',
  postal_code: 'Postal code',
};

/** A role that this page does not know yet is shown by its number. */
export function roleLabel(role: UserRole): string {
  return roleOptions.find(({ value }) => value === role)?.label ?? `Role ${role}`;
}

export function stateLabel(state: UserState): string {
  return stateOptions.find(({ value }) => value === state)?.label ?? `State ${state}`;
}

export function leafLabel(leaf: Leaf): string {
  switch (leaf.field) {
    case 'name':
      return 'Name';
    case 'email':
      return 'Email';
    case 'role':
      return 'Role';
    case 'state':
      return 'State';
    case 'tags':
      return 'Tags';
    case 'address':
      return lineLabels[leaf.line];
    case 'metadata':
      return leaf.key;
  }
}

/** What a field holds, in words; undefined where it holds nothing. */
export function leafText(user: User, leaf: Leaf): string | undefined {
  switch (leaf.field) {
    case 'role':
      return roleLabel(user.role);
    case 'state':
      return stateLabel(user.state);
    case 'tags':
      return user.tags.join(', ') || undefined;
    case 'address':
      return user.address?.[leaf.line === 'postal_code' ? 'postalCode' : leaf.line] || undefined;
    case 'metadata':
      return (Object.hasOwn(user.metadata, leaf.key) && user.metadata[leaf.key]) || undefined;
    default:
      return user[leaf.field] || undefined;
  }
}
