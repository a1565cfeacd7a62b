import { Address, User } from '@roster/proto/gen/userservice/v1/user';
import { addressProperty, type MaskPath } from '@roster/proto/mask-paths';

/** Returns `current` with the masked parts taken from `patch`; what `patch` leaves out is cleared. */
export function applyMask(current: User, patch: User, paths: readonly MaskPath[]): User {
  return paths.reduce((user, path) => applyPath(user, patch, path), User.clone(current));
}

function applyPath(user: User, patch: User, path: MaskPath): User {
  switch (path.field) {
    case 'address':
      return { ...user, ...addressFrom(user.address, patch.address, 'line' in path ? path.line : undefined) };
    case 'metadata':
      return { ...user, metadata: metadataFrom(user.metadata, patch.metadata, 'key' in path ? path.key : undefined) };
    default:
      return { ...user, [path.field]: patch[path.field] };
  }
}

function addressFrom(
  current: Address | undefined,
  patch: Address | undefined,
  line: Parameters<typeof addressProperty>[0] | undefined,
): { address?: Address } {
  if (line === undefined) return { address: Address.create(patch ?? {}) };
  const property = addressProperty(line);
  return { address: Address.create({ ...current, [property]: patch?.[property] ?? '' }) };
}

function metadataFrom(
  current: Readonly<Record<string, string>>,
  patch: Readonly<Record<string, string>>,
  key: string | undefined,
): Record<string, string> {
  if (key === undefined) return { ...patch };
  const { [key]: _, ...others } = current;
  const value = Object.hasOwn(patch, key) ? patch[key] : undefined;
  return value === undefined ? others : { ...others, [key]: value };
}
