import { UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { allOf, anyOf, type Filter, negationOf, type TextField } from './filter.ts';
import type { Pattern } from './pattern.ts';

/**
 * Writes a filter so that equivalent spellings read alike: spaces, quoting, letter case where it does not count, `!=` against NOT,
 * the order of what AND or OR joins, and repetitions. `parseFilter` reads it back.
 *
 * It is the key under which streams share a filter and to which page and resume tokens are bound. Empty: matches all.
 */
export function canonicalFilter(filter: Filter): string {
  const ordered = inOrder(filter);
  return ordered.kind === 'all' ? '' : print(ordered);
}

/** Drops repetitions and puts what AND or OR joins in the order of its writing. */
function inOrder(filter: Filter): Filter {
  if (filter.kind === 'not') return negationOf(inOrder(filter.filter));
  if (filter.kind !== 'and' && filter.kind !== 'or') return filter;
  const join = filter.kind === 'and' ? allOf : anyOf;
  const flat = join(filter.filters.map(inOrder));
  if (flat.kind !== filter.kind) return flat;
  const byText = new Map(flat.filters.map((part) => [print(part), part]));
  return join([...byText.keys()].sort().flatMap((text) => byText.get(text) ?? []));
}

function print(filter: Filter): string {
  switch (filter.kind) {
    case 'all':
      return '""';
    case 'and':
    case 'or':
      return `(${filter.filters.map(print).join(` ${filter.kind.toUpperCase()} `)})`;
    case 'not':
      return `NOT ${print(filter.filter)}`;
    case 'search':
      return quote(filter.pattern.slice(1, -1));
    case 'text':
      return `${printText(filter.text)} = ${quote(filter.pattern)}`;
    case 'text-order':
      return `${printText(filter.text)} ${filter.operator} ${quote([filter.value])}`;
    case 'role':
      return `role = ${UserRole[filter.role]}`;
    case 'state':
      return `state = ${UserState[filter.state]}`;
    case 'time':
      return `${filter.field} ${filter.operator} ${new Date(filter.epochMs).toISOString()}`;
    case 'deleted':
      return 'deleted_at:*';
    case 'revision':
      return `revision ${filter.operator} ${filter.revision}`;
    case 'element':
      return `${filter.of}:${quote(filter.pattern)}`;
  }
}

function printText(text: TextField): string {
  switch (text.field) {
    case 'address':
      return `address.${text.line}`;
    case 'metadata':
      return `metadata.\`${text.key.replaceAll('`', '``')}\``;
    default:
      return text.field;
  }
}

function quote(pattern: Pattern): string {
  return `"${pattern.map((part) => part.replace(/[\\"*]/g, '\\$&')).join('*')}"`;
}
