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
  const touchesMetadata = paths.some(({ field }) => field === 'metadata');
  return Object.entries(fieldRevisions)
    .filter(
      ([path, revision]) =>
        revision > baseRevision &&
        (masked.has(path) || wholeFields.has(fieldOf(path)) || (path === forgottenKeys && touchesMetadata)),
    )
    .map(([path, revision]) => ({ path, revision }));
}

/** Stands in `fieldRevisions` for the removed keys that are no longer remembered one by one. */
const forgottenKeys = 'metadata';
const removedKeysMax = 256;

/**
 * Adds the leaves of a change to `fieldRevisions`, and keeps that from growing without end where keys of the metadata come and go: of removed keys only the
 * newest are remembered, and of all others the newest revision, upon which any edit of the metadata that is older conflicts.
 */
export function noteRevisions(
  fieldRevisions: Readonly<Record<string, number>>,
  paths: readonly string[],
  after: User,
): Readonly<Record<string, number>> {
  const noted = { ...fieldRevisions, ...Object.fromEntries(paths.map((path) => [path, after.revision])) };
  const present = new Set(Object.keys(after.metadata).map((key) => formatLeaf({ field: 'metadata', key })));
  const removed = Object.entries(noted).filter(([path]) => path.startsWith('metadata.') && !present.has(path));
  if (removed.length <= removedKeysMax) return noted;
  removed.sort(([, a], [, b]) => b - a);
  const forgotten = removed.slice(removedKeysMax);
  const kept = Object.entries(noted).filter((entry) => !forgotten.some(([path]) => path === entry[0]));
  const newest = Math.max(noted[forgottenKeys] ?? 0, forgotten[0]?.[1] ?? 0);
  return { ...Object.fromEntries(kept), [forgottenKeys]: newest };
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
