import { type AddressLine, addressLines } from '@roster/proto/mask-paths';
import type { TextField, TimeField } from './filter.ts';
import { UnexpectedText } from './filter-mistake.ts';
import { nearestName } from './nearest-name.ts';
import type { Comparator, Literal } from './scanner.ts';

/** What stands left of a comparator. */
export type Field =
  | { readonly kind: 'text'; readonly text: TextField }
  | { readonly kind: 'time'; readonly field: TimeField }
  | { readonly kind: 'role' | 'state' | 'revision' | 'tags' | 'metadata' | 'address' };

/** A field as written: its dotted name, and a quoted metadata key behind it. */
export interface Member {
  readonly name: Literal;
  readonly key: Literal | undefined;
}

/** The field names as the contract writes them; the language also takes them in camel case and any case. */
export const fieldNames = [
  'id',
  'name',
  'email',
  'role',
  'state',
  'created_at',
  'updated_at',
  'deleted_at',
  'revision',
  'tags',
  'address',
  'metadata',
] as const;

/** Finds the field that a member names, or says which one may have been meant. */
export function fieldOf(member: Member): Field {
  const { name, key } = member;
  const [head = '', ...rest] = name.text.split('.');
  const field = find(fieldNames, head);
  const tail = rest.join('.');
  const hasTail = rest.length > 0 || key !== undefined;
  if (!field) throw new UnexpectedText({ start: name.start, end: name.start + head.length }, suggestion(head));
  if (hasTail && field === 'metadata') return { kind: 'text', text: { field, key: metadataKey(member, tail) } };
  const tailSpan = { start: name.start + head.length, end: (key ?? name).end };
  if (hasTail && field === 'address') {
    const line = key ? undefined : addressLine(tail);
    if (line) return { kind: 'text', text: { field, line } };
    throw new UnexpectedText({ ...tailSpan, start: tailSpan.start + 1 }, expectedAddressLine);
  }
  if (hasTail) throw new UnexpectedText(tailSpan, `a comparator after ${field}, which has no parts`);
  switch (field) {
    case 'id':
    case 'name':
    case 'email':
      return { kind: 'text', text: { field } };
    case 'created_at':
    case 'updated_at':
    case 'deleted_at':
      return { kind: 'time', field };
    default:
      return { kind: field };
  }
}

export const expectedAddressLine = `an address line, ${listed(addressLines, 'or')}`;

export function addressLine(text: string): AddressLine | undefined {
  return find(addressLines, text);
}

/** The comparators that a field takes. */
export function comparatorsOf(field: Field): readonly Comparator[] {
  switch (field.kind) {
    case 'text':
      return field.text.field === 'id' ? ['=', '!=', ':'] : ['=', '!=', ':', '<', '<=', '>', '>='];
    case 'time':
      return field.field === 'deleted_at' ? ['=', '!=', '<', '<=', '>', '>=', ':'] : ['=', '!=', '<', '<=', '>', '>='];
    case 'revision':
      return ['=', '!=', '<', '<=', '>', '>='];
    case 'role':
    case 'state':
      return ['=', '!=', ':'];
    case 'tags':
    case 'metadata':
    case 'address':
      return [':'];
  }
}

/** Joins words as a sentence does: `a, b or c`. */
export function listed(words: readonly string[], conjunction: 'and' | 'or'): string {
  const last = words[words.length - 1] ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}

function metadataKey({ name, key }: Member, tail: string): string {
  const written = key ? key.text : tail;
  if (written === '') throw new UnexpectedText({ start: name.end, end: (key ?? name).end }, 'a metadata key');
  if (key || !/[.`"']/.test(written)) return written;
  throw new UnexpectedText({ start: name.end - tail.length, end: name.end }, 'such a metadata key in backticks');
}

function find<T extends string>(names: readonly T[], text: string): T | undefined {
  const plain = (name: string) => name.replaceAll('_', '').toLowerCase();
  return names.find((name) => plain(name) === plain(text));
}

function suggestion(text: string): string {
  const nearest = nearestName(fieldNames, text.toLowerCase());
  return nearest ? `a field name, perhaps ${nearest}` : `a field name: ${listed(fieldNames, 'or')}`;
}
