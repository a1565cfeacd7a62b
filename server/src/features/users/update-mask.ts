import type { FieldMask } from '@roster/proto/gen/google/protobuf/field_mask';
import { Address, User } from '@roster/proto/gen/userservice/v1/user';
import { addressProperty, type MaskPath, maskFields, parseMaskPath, serverFields } from '@roster/proto/mask-paths';
import { type FieldViolation, invalidArgument } from '../../rpc/rpc-error.ts';

/** More than a user can have metadata keys before and after an edit, and lines and fields beside them. */
const pathsMax = 256;

/** Reads an update mask (AIP-134): absent = the populated fields, `*` = all that a client owns, an unknown or server-owned path is INVALID_ARGUMENT. */
export function readUpdateMask(mask: FieldMask | undefined, patch: User): readonly MaskPath[] {
  const paths = mask?.paths ?? [];
  if (paths.length === 0) return maskFields.filter((field) => isPopulated(patch, field)).map((field) => ({ field }));
  if (paths.length === 1 && paths[0] === '*') return maskFields.map((field) => ({ field }));
  if (paths.length > pathsMax) {
    const description = `At most ${pathsMax} paths; there are ${paths.length}.`;
    throw invalidArgument([{ field: 'update_mask', description, reason: 'TOO_MANY' }]);
  }
  const violations: FieldViolation[] = [];
  const parsed: MaskPath[] = [];
  for (const path of paths) {
    const known = parseMaskPath(path);
    if (known) parsed.push(known);
    else violations.push({ field: 'update_mask', ...describeUnknown(path) });
  }
  if (violations.length > 0) throw invalidArgument(violations);
  return parsed;
}

function describeUnknown(path: string): { description: string; reason: string } {
  const head = path.split('.')[0] ?? '';
  const shown = path.toWellFormed().slice(0, 80);
  if (serverFields.some((field) => field === head)) {
    return { description: `“${shown}” is set by the server and cannot be changed.`, reason: 'FIELD_SERVER_OWNED' };
  }
  if (path === '*') return { description: '“*” stands alone.', reason: 'PATH_UNKNOWN' };
  return { description: `“${shown}” is no field of a user.`, reason: 'PATH_UNKNOWN' };
}

function isPopulated(user: User, field: (typeof maskFields)[number]): boolean {
  switch (field) {
    case 'address':
      return user.address !== undefined;
    case 'tags':
      return user.tags.length > 0;
    case 'metadata':
      return Object.keys(user.metadata).length > 0;
    case 'role':
    case 'state':
      return user[field] !== 0;
    default:
      return user[field] !== '';
  }
}

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
