import { ChangeKind, type UserChange } from '@roster/proto/gen/roster/history/v1/history_service';
import { User } from '@roster/proto/gen/userservice/v1/user';
import { formatLeaf, type Leaf, leafValue, leavesOf, maskFields } from '@roster/proto/mask-paths';
import { leafLabel, leafText } from '../../../lib/user-words.ts';
import { leavesOfChange } from './change-words.ts';

/** One field before and after; undefined where it holds nothing. */
export interface FieldDiff {
  readonly path: string;
  readonly leaf: Leaf;
  readonly label: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** Of tags: what has come, gone and stayed. */
  readonly tags?: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly kept: readonly string[];
  };
}

/** The fields that a change touched; of a creation those that hold something. */
export function diffsOfChange(change: UserChange): readonly FieldDiff[] {
  const before = change.before ?? User.create();
  const after = change.after ?? User.create();
  if (change.kind === ChangeKind.CREATED)
    return allLeaves(before, after).filter(hasValue(after)).map(diffOf(before, after));
  return leavesOfChange(change).map(diffOf(before, after));
}

/** All fields that hold something in either user, in the order of the form. */
export function diffsOfUsers(before: User, after: User): readonly (FieldDiff & { readonly isChanged: boolean })[] {
  return allLeaves(before, after)
    .filter((leaf) => hasValue(before)(leaf) || hasValue(after)(leaf))
    .map((leaf) => ({ ...diffOf(before, after)(leaf), isChanged: leafValue(before, leaf) !== leafValue(after, leaf) }));
}

export function diffOf(before: User, after: User): (leaf: Leaf) => FieldDiff {
  return (leaf) => ({
    path: formatLeaf(leaf),
    leaf,
    label: leafLabel(leaf),
    before: textOf(before, leaf),
    after: textOf(after, leaf),
    ...(leaf.field === 'tags' && { tags: tagsOf(before.tags, after.tags) }),
  });
}

function allLeaves(before: User, after: User): readonly Leaf[] {
  return maskFields.flatMap((field) => leavesOf({ field }, before, after));
}

function hasValue(user: User): (leaf: Leaf) => boolean {
  return (leaf) => textOf(user, leaf) !== undefined;
}

/** A part of a user may leave its role out; then it has none. */
function textOf(user: User, leaf: Leaf): string | undefined {
  const isUnset = (leaf.field === 'role' || leaf.field === 'state') && user[leaf.field] === 0;
  return isUnset ? undefined : leafText(user, leaf);
}

function tagsOf(before: readonly string[], after: readonly string[]) {
  return {
    added: after.filter((tag) => !before.includes(tag)),
    removed: before.filter((tag) => !after.includes(tag)),
    kept: after.filter((tag) => before.includes(tag)),
  };
}
