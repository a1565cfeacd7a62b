import { foldKey } from '@roster/proto/fold';
import { UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { addressLines } from '@roster/proto/mask-paths';
import { addressLine, expectedAddressLine, type Field } from './field.ts';
import { anyOf, type Filter, negationOf, type TextField, type TimeField } from './filter.ts';
import { UnexpectedText } from './filter-mistake.ts';
import { containing, isAnything, patternOf } from './pattern.ts';
import type { Comparator, Literal } from './scanner.ts';
import { parseTime } from './time-value.ts';

const roles = { ADMIN: UserRole.ADMIN, EDITOR: UserRole.EDITOR, VIEWER: UserRole.VIEWER } as const;
const states = { ACTIVE: UserState.ACTIVE, SUSPENDED: UserState.SUSPENDED } as const;

/** `!=` is the negation of `=`, made by the parser around all of its values. */
export type PositiveComparator = Exclude<Comparator, '!='>;

/** Types one comparison. The comparator is one that the field takes (`comparatorsOf`); the value is judged here. */
export function comparisonOf(field: Field, comparator: PositiveComparator, value: Literal): Filter {
  switch (field.kind) {
    case 'text':
      return textComparison(field.text, comparator, value);
    case 'time':
      return timeComparison(field.field, comparator, value);
    case 'role':
      return { kind: 'role', role: constant(roles, 'USER_ROLE_', value, 'a role, ADMIN, EDITOR or VIEWER') };
    case 'state':
      return { kind: 'state', state: constant(states, 'USER_STATE_', value, 'a state, ACTIVE or SUSPENDED') };
    case 'revision':
      return { kind: 'revision', operator: ordering(comparator), revision: revisionOf(value) };
    case 'tags':
    case 'metadata':
      return { kind: 'element', of: field.kind, pattern: patternOf(value.parts) };
    case 'address':
      return addressPresence(value);
  }
}

/** Folds a text where its field is compared folded. */
export function foldFor(text: TextField, value: string): string {
  return text.field === 'address' || text.field === 'metadata' ? value : foldKey(value);
}

function textComparison(text: TextField, comparator: PositiveComparator, value: Literal): Filter {
  const fold = (part: string) => foldFor(text, part);
  switch (comparator) {
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { kind: 'text-order', text, operator: comparator, value: fold(value.text) };
    case ':':
      if (isAnything(patternOf(value.parts))) return presence(text);
      return { kind: 'text', text, pattern: containing(value.parts.map(fold)) };
    default:
      return { kind: 'text', text, pattern: patternOf(value.parts.map(fold)) };
  }
}

/** `field:*`: the key exists, or the text is not the default, which is the empty one (AIP-160). */
function presence(text: TextField): Filter {
  if (text.field === 'metadata') return { kind: 'element', of: 'metadata', pattern: [text.key] };
  return negationOf({ kind: 'text', text, pattern: [''] });
}

function addressPresence(value: Literal): Filter {
  if (isAnything(patternOf(value.parts))) {
    return anyOf(addressLines.map((line) => presence({ field: 'address', line })));
  }
  const line = addressLine(value.text);
  if (!line) throw new UnexpectedText(value, `${expectedAddressLine}, or *`);
  return presence({ field: 'address', line });
}

function timeComparison(field: TimeField, comparator: PositiveComparator, value: Literal): Filter {
  if (comparator === ':') {
    if (isAnything(patternOf(value.parts))) return { kind: 'deleted' };
    throw new UnexpectedText(value, '*, which finds the deleted');
  }
  const epochMs = parseTime(value.text);
  if (epochMs === undefined)
    throw new UnexpectedText(value, 'a date like 2024-01-31, or a time like 2024-01-31T09:30:00Z');
  return { kind: 'time', field, operator: ordering(comparator), epochMs };
}

function ordering(comparator: PositiveComparator): '=' | '<' | '<=' | '>' | '>=' {
  return comparator === ':' ? '=' : comparator;
}

function constant<T>(names: Readonly<Record<string, T>>, prefix: string, value: Literal, expected: string): T {
  const upper = /^[a-z_]+$/i.test(value.text) ? value.text.toUpperCase() : '';
  const name = upper.startsWith(prefix) ? upper.slice(prefix.length) : upper;
  const found = Object.hasOwn(names, name) ? names[name] : undefined;
  if (found === undefined) throw new UnexpectedText(value, expected);
  return found;
}

function revisionOf(value: Literal): number {
  const revision = /^\d{1,16}$/.test(value.text) ? Number(value.text) : Number.NaN;
  if (!Number.isSafeInteger(revision)) throw new UnexpectedText(value, 'a revision, which is a whole number');
  return revision;
}
