import type { User } from '@roster/proto/gen/userservice/v1/user';
import { leafValue, leavesOf, type MaskField, maskFields } from '@roster/proto/mask-paths';

/** The fields, by the names of the contract, in which two states of a user differ. */
export function changedFields(before: User, after: User): ReadonlySet<MaskField> {
  const differs = (field: MaskField) =>
    leavesOf({ field }, before, after).some((leaf) => leafValue(before, leaf) !== leafValue(after, leaf));
  return new Set(maskFields.filter(differs));
}
