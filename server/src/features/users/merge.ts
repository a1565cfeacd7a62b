import type { User } from '@roster/proto/gen/userservice/v1/user';
import { formatLeaf, type Leaf, leafValue, leavesOf, type MaskPath, parseMaskPath } from '@roster/proto/mask-paths';

/** A masked leaf that someone else changed after the edit's base. */
export interface Overlap {
  readonly path: string;
  readonly revision: number;
}

/**
 * Finds the masked leaves that changed after `baseRevision`; where there are none, both edits stand.
 *
 * `fieldRevisions` also remembers leaves that are gone, such as a removed metadata key, so that replacing the whole map cannot overlook their removal.
 */
export function findOverlaps(
  paths: readonly MaskPath[],
  before: User,
  after: User,
  fieldRevisions: Readonly<Record<string, number>>,
  baseRevision: number,
): readonly Overlap[] {
  const masked = new Set(paths.flatMap((path) => leavesOf(path, before, after)).map(formatLeaf));
  const wholeFields = new Set(paths.filter((path) => !('line' in path || 'key' in path)).map((path) => path.field));
  return Object.entries(fieldRevisions)
    .filter(([path, revision]) => revision > baseRevision && (masked.has(path) || wholeFields.has(fieldOf(path))))
    .map(([path, revision]) => ({ path, revision }));
}

/** The leaves whose value an edit really changes. */
export function changedLeaves(paths: readonly MaskPath[], before: User, after: User): readonly Leaf[] {
  const leaves = new Map(
    paths.flatMap((path) => leavesOf(path, before, after)).map((leaf) => [formatLeaf(leaf), leaf]),
  );
  return [...leaves.values()].filter((leaf) => leafValue(before, leaf) !== leafValue(after, leaf));
}

function fieldOf(path: string): MaskPath['field'] {
  const parsed = parseMaskPath(path);
  if (!parsed) throw new Error(`field_revisions holds an unknown path: ${path}`);
  return parsed.field;
}
