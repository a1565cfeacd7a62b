import { User } from '@roster/proto/gen/userservice/v1/user';
import type { UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { formatLeaf, type Leaf, leafValue, leavesOf, maskFields } from '@roster/proto/mask-paths';
import { copyLeaf } from './user-form.ts';

/** All leaves that any of the users has, in the order of the screen. */
export function leavesOfAll(first: User, ...others: readonly User[]): readonly Leaf[] {
  const found = new Map<string, Leaf>();
  for (const other of [first, ...others]) {
    for (const field of maskFields) {
      for (const leaf of leavesOf({ field }, first, other)) found.set(formatLeaf(leaf), leaf);
    }
  }
  return [...found.values()].sort((a, b) => maskFields.indexOf(a.field) - maskFields.indexOf(b.field));
}

/** The leaves on which two users differ. */
export function changedLeaves(base: User, mine: User): readonly Leaf[] {
  return leavesOfAll(base, mine).filter((leaf) => leafValue(base, leaf) !== leafValue(mine, leaf));
}

/** An update without the `request_id` that makes it safe to repeat; the command adds that. */
export type UpdateWithoutId = Omit<UpdateUserRequest, 'requestId'>;

/** The update that turns `base` into `mine`, merged upon the revision of `base`: only what differs travels. An emptied field is masked and left out, which clears it (AIP-134). */
export function toUpdateRequest(base: User, mine: User): UpdateWithoutId {
  const { id, revision: baseRevision } = base;
  const leaves = changedLeaves(base, mine);
  const user = leaves.reduce((partial, leaf) => copyLeaf(partial, leaf, mine), User.create());
  return { id, user, updateMask: { paths: leaves.map(formatLeaf) }, baseRevision, confirmSelf: false };
}
