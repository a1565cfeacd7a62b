import { ChangeKind, type UserChange } from '@roster/proto/gen/roster/history/v1/history_service';
import { User, UserState } from '@roster/proto/gen/userservice/v1/user';
import { type Leaf, parseMaskPath } from '@roster/proto/mask-paths';
import { leafLabel, leafText, roleLabel } from '../../../lib/user-words.ts';

/** A part of a sentence: our words, or what somebody typed, which keeps its own writing direction. */
export type WordPart =
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'whom'; readonly text: string }
  | { readonly kind: 'value'; readonly text: string };

/** The order in which a change of several fields is told by one of them. */
const weights: Readonly<Record<Leaf['field'], number>> = {
  role: 0,
  state: 1,
  email: 2,
  name: 3,
  tags: 4,
  address: 5,
  metadata: 6,
};

/** The leaves of a change that this page knows, the weightiest first. */
export function leavesOfChange({ paths }: UserChange): readonly Leaf[] {
  const leaves = paths.flatMap((path): readonly Leaf[] => {
    const parsed = parseMaskPath(path);
    if (!parsed || parsed.field === 'address' || parsed.field === 'metadata') {
      return parsed && ('line' in parsed || 'key' in parsed) ? [parsed] : [];
    }
    return [{ field: parsed.field }];
  });
  return leaves.toSorted((a, b) => weights[a.field] - weights[b.field]);
}

/**
 * What somebody did, as the rest of a sentence that begins with their name: "changed the role of Grace from Viewer to Admin, and 2 more fields".
 *
 * `isOfOne`: everybody knows whom it is about, so they are left out.
 */
export function changeWords(change: UserChange, { isOfOne = false } = {}): readonly WordPart[] {
  const whom: readonly WordPart[] = isOfOne ? [] : [{ kind: 'whom', text: change.userName }];
  switch (change.kind) {
    case ChangeKind.CREATED:
      return sentence('created', ...whom, 'as', value(roleLabel(change.after?.role ?? 0)));
    case ChangeKind.DELETED:
      return sentence(isOfOne ? 'deleted this person' : 'deleted', ...whom);
    case ChangeKind.UNDELETED:
      return sentence(isOfOne ? 'restored this person' : 'restored', ...whom);
    default:
      return updateWords(change, whom);
  }
}

function updateWords(change: UserChange, whom: readonly WordPart[]): readonly WordPart[] {
  const leaves = leavesOfChange(change);
  const [main] = leaves;
  const of = whom.length > 0 ? ['of', ...whom] : [];
  if (!main) return sentence('changed a field', ...of);
  const group = leaves.filter((leaf) => leaf.field === main.field);
  const others = change.paths.length - group.length;
  const before = change.before ?? User.create();
  const after = change.after ?? User.create();
  const told = group.length > 1 ? groupWords(main.field, of) : leafWords(main, before, after, whom, of);
  return others === 0 ? told : sentence(...told, `, and ${others} more ${others === 1 ? 'field' : 'fields'}`);
}

function groupWords(field: Leaf['field'], of: readonly (string | WordPart)[]): readonly WordPart[] {
  return sentence(field === 'address' ? 'changed the address' : 'changed the metadata', ...of);
}

function leafWords(
  leaf: Leaf,
  before: User,
  after: User,
  whom: readonly WordPart[],
  of: readonly (string | WordPart)[],
): readonly WordPart[] {
  const [was, is] = [leafText(before, leaf), leafText(after, leaf)];
  switch (leaf.field) {
    case 'state': {
      const verb = after.state === UserState.SUSPENDED ? 'suspended' : 'activated';
      return sentence(whom.length > 0 ? verb : `${verb} this person`, ...whom);
    }
    case 'name':
      return sentence(
        whom.length > 0 ? 'renamed' : 'changed the name from',
        value(before.name),
        'to',
        whom[0] ?? value(after.name),
      );
    case 'tags':
      return tagWords(before.tags, after.tags, whom, of);
    case 'metadata': {
      const key = value(leaf.key);
      if (is === undefined) return sentence('removed', key, ...(whom.length > 0 ? ['from', ...whom] : []));
      if (was === undefined) return sentence('set', key, ...of, 'to', value(is));
      return sentence('changed', key, ...of, 'from', value(was), 'to', value(is));
    }
    default: {
      const label = `the ${leafLabel(leaf).toLowerCase()}`;
      if (is === undefined) return sentence(`cleared ${label}`, ...of);
      if (was === undefined) return sentence(`set ${label}`, ...of, 'to', value(is));
      return sentence(`changed ${label}`, ...of, 'from', value(was), 'to', value(is));
    }
  }
}

function tagWords(
  before: readonly string[],
  after: readonly string[],
  whom: readonly WordPart[],
  of: readonly (string | WordPart)[],
): readonly WordPart[] {
  const added = after.filter((tag) => !before.includes(tag));
  const removed = before.filter((tag) => !after.includes(tag));
  const [only] = [...added, ...removed];
  if (only === undefined || added.length + removed.length > 1) return sentence('changed the tags', ...of);
  const to = (word: string) => (whom.length > 0 ? [word, ...whom] : []);
  return added.length > 0
    ? sentence('added the tag', value(only), ...to('to'))
    : sentence('removed the tag', value(only), ...to('from'));
}

function value(text: string): WordPart {
  return { kind: 'value', text };
}

/** Joins parts with spaces between, but for those that begin with a comma. */
function sentence(...parts: readonly (string | WordPart)[]): readonly WordPart[] {
  return parts.map((part) => (typeof part === 'string' ? { kind: 'words', text: part } : part));
}

/** The sentence as plain text, for labels and toasts. */
export function plainWords(parts: readonly WordPart[]): string {
  return parts.map(({ text }, index) => (index === 0 || text.startsWith(',') ? text : ` ${text}`)).join('');
}
