import type { FieldMask } from '@roster/proto/gen/google/protobuf/field_mask';
import type { User } from '@roster/proto/gen/userservice/v1/user';
import { type MaskPath, maskFields, parseMaskPath, serverFields } from '@roster/proto/mask-paths';
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
