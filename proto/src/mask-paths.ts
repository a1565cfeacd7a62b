import type { Address, User } from '../gen/userservice/v1/user.ts';

/** The address lines, by the names of the contract. */
export const addressLines = ['street', 'city', 'state', 'country', 'postal_code'] as const;

export type AddressLine = (typeof addressLines)[number];

/** The fields of a user that a client owns and a mask may name. */
export const maskFields = ['name', 'email', 'role', 'state', 'address', 'tags', 'metadata'] as const;

export type MaskField = (typeof maskFields)[number];

/** Fields that only the server sets; a mask that names one is refused. */
export const serverFields = ['id', 'created_at', 'updated_at', 'revision', 'deleted_at', 'feed'] as const;

/**
 * The smallest part of a user that an edit can change by itself; two edits of different leaves both stand.
 *
 * Leaves are name, email, role, state, tags, each line of the address and each key of the metadata.
 */
export type Leaf =
  | { readonly field: 'name' | 'email' | 'role' | 'state' | 'tags' }
  | { readonly field: 'address'; readonly line: AddressLine }
  | { readonly field: 'metadata'; readonly key: string };

/** One path of an update mask: a whole field or a leaf below it. */
export type MaskPath = { readonly field: MaskField } | Leaf;

const plainKey = /^[a-z][a-z0-9_]*$/;

/** Reads a path as AIP-161 writes it, map keys in backticks where needed; undefined where a client may not change such a thing. */
export function parseMaskPath(path: string): MaskPath | undefined {
  const dot = path.indexOf('.');
  const head = dot < 0 ? path : path.slice(0, dot);
  const field = maskFields.find((name) => name === head);
  if (!field || dot < 0) return field && { field };
  const rest = path.slice(dot + 1);
  if (field === 'address') {
    const line = addressLines.find((name) => name === rest);
    return line && { field, line };
  }
  if (field !== 'metadata') return undefined;
  const key = parseMapKey(rest);
  return key === undefined ? undefined : { field, key };
}

/** Writes a leaf as a mask path. */
export function formatLeaf(leaf: Leaf): string {
  switch (leaf.field) {
    case 'address':
      return `address.${leaf.line}`;
    case 'metadata':
      return `metadata.${plainKey.test(leaf.key) ? leaf.key : `\`${leaf.key.replaceAll('`', '``')}\``}`;
    default:
      return leaf.field;
  }
}

function parseMapKey(text: string): string | undefined {
  const quoted = /^`((?:[^`]|``)+)`$/.exec(text);
  if (quoted?.[1] !== undefined) return quoted[1].replaceAll('``', '`');
  return text === '' || /[`.]/.test(text) ? undefined : text;
}

/** Spreads a path over the leaves below it; for `metadata`, over the keys of either user. */
export function leavesOf(path: MaskPath, before: User, after: User): readonly Leaf[] {
  switch (path.field) {
    case 'address':
      return 'line' in path ? [path] : addressLines.map((line) => ({ field: 'address', line }));
    case 'metadata': {
      if ('key' in path) return [path];
      const keys = new Set([...Object.keys(before.metadata), ...Object.keys(after.metadata)]);
      return [...keys].sort().map((key) => ({ field: 'metadata', key }));
    }
    default:
      return [{ field: path.field }];
  }
}

/** Reads a leaf; two users agree on it if and only if these are equal. An absent address line is the empty one, an absent metadata key is undefined. */
export function leafValue(user: User, leaf: Leaf): string | number | undefined {
  switch (leaf.field) {
    case 'address':
      return user.address?.[addressProperty(leaf.line)] ?? '';
    case 'metadata':
      return Object.hasOwn(user.metadata, leaf.key) ? user.metadata[leaf.key] : undefined;
    case 'tags':
      return JSON.stringify(user.tags);
    default:
      return user[leaf.field];
  }
}

/** The generated property that holds an address line. */
export function addressProperty(line: AddressLine): Exclude<keyof Address, symbol> {
  return line === 'postal_code' ? 'postalCode' : line;
}
