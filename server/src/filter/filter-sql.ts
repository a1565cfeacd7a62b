import type { Filter, TextField } from './filter.ts';
import { containing, isAnything, isExact, likePattern, type Pattern } from './pattern.ts';

/** Adds a value to the statement's parameters and returns its placeholder, typed. */
type Parameter = (
  value: string | number,
  type: 'text' | 'uuid' | 'smallint' | 'bigint' | 'timestamptz' | 'jsonb',
) => string;

/**
 * Compiles a filter into an SQL expression over `users as u` that is never NULL; its values are pushed to `parameters`.
 *
 * It answers as `filterToPredicate` does. Nothing that a user wrote is in the text.
 */
export function filterToSql(filter: Filter, parameters: unknown[]): string {
  const parameter: Parameter = (value, type) => `$${parameters.push(value)}::${type}`;
  return compile(filter, parameter);
}

function compile(filter: Filter, parameter: Parameter): string {
  switch (filter.kind) {
    case 'all':
      return 'true';
    case 'and':
    case 'or':
      return `(${filter.filters.map((part) => compile(part, parameter)).join(` ${filter.kind} `)})`;
    case 'not':
      return `not ${compile(filter.filter, parameter)}`;
    case 'search':
      return isAnything(filter.pattern) ? 'true' : searchSql(filter.pattern, parameter);
    case 'text':
      return textSql(filter.text, filter.pattern, parameter);
    case 'text-order':
      return textOrderSql(filter, parameter);
    case 'role':
      return `(u.role = ${parameter(filter.role, 'smallint')})`;
    case 'state':
      return `(u.state = ${parameter(filter.state, 'smallint')})`;
    case 'time':
      return timeSql(filter, parameter);
    case 'deleted':
      return '(u.deleted_at is not null)';
    case 'revision':
      return `(u.revision ${filter.operator} ${parameter(filter.revision, 'bigint')})`;
    case 'element':
      return elementSql(filter.of, filter.pattern, parameter);
  }
}

/** A substring of a folded key is one of the search key too, which alone has a trigram index. */
function searchSql(pattern: Pattern, parameter: Parameter): string {
  return `(u.search_key like ${parameter(likePattern(pattern), 'text')})`;
}

function textSql(text: TextField, pattern: Pattern, parameter: Parameter): string {
  if (text.field === 'metadata') return metadataSql(text.key, pattern, parameter);
  if (text.field === 'id' && isExact(pattern)) return idSql(pattern[0] ?? '', parameter);
  if (isAnything(pattern)) return 'true';
  const column = columnOf(text);
  if (isExact(pattern)) return `(${column} = ${parameter(pattern[0] ?? '', 'text')})`;
  const like = `(${column} like ${parameter(likePattern(pattern), 'text')})`;
  const isIndexed = text.field === 'address' || pattern[0] !== '';
  return isIndexed ? like : `(${searchSql(containing(pattern), parameter)} and ${like})`;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function idSql(id: string, parameter: Parameter): string {
  return uuid.test(id) ? `(u.id = ${parameter(id, 'uuid')})` : 'false';
}

function metadataSql(key: string, pattern: Pattern, parameter: Parameter): string {
  if (isExact(pattern)) {
    // A computed key, so that `__proto__` is one like any other.
    const entry = JSON.stringify({ [key]: pattern[0] ?? '' });
    return `(u.metadata @> ${parameter(entry, 'jsonb')})`;
  }
  const value = `u.metadata ->> ${parameter(key, 'text')}`;
  return `coalesce((${value}) like ${parameter(likePattern(pattern), 'text')}, false)`;
}

function textOrderSql(filter: Filter & { readonly kind: 'text-order' }, parameter: Parameter): string {
  const { text, operator, value } = filter;
  if (text.field !== 'metadata') return `(${columnOf(text)} collate "C" ${operator} ${parameter(value, 'text')})`;
  const found = `u.metadata ->> ${parameter(text.key, 'text')}`;
  return `coalesce((${found}) collate "C" ${operator} ${parameter(value, 'text')}, false)`;
}

function timeSql(filter: Filter & { readonly kind: 'time' }, parameter: Parameter): string {
  const { field, operator, epochMs } = filter;
  const comparison = `u.${field} ${operator} ${parameter(new Date(epochMs).toISOString(), 'timestamptz')}`;
  return field === 'deleted_at' ? `(u.deleted_at is not null and ${comparison})` : `(${comparison})`;
}

function elementSql(of: 'tags' | 'metadata', pattern: Pattern, parameter: Parameter): string {
  if (isExact(pattern)) {
    const element = parameter(pattern[0] ?? '', 'text');
    return of === 'tags' ? `(u.tags @> array[${element}])` : `(u.metadata ? ${element})`;
  }
  const elements = of === 'tags' ? 'unnest(u.tags)' : 'jsonb_object_keys(u.metadata)';
  return `exists (select from ${elements} as e (v) where e.v like ${parameter(likePattern(pattern), 'text')})`;
}

function columnOf(text: TextField & { readonly field: 'id' | 'name' | 'email' | 'address' }): string {
  switch (text.field) {
    case 'id':
      return 'u.id::text';
    case 'name':
      return 'u.name_key';
    case 'email':
      return 'u.email_key';
    case 'address':
      return `u.address_${text.line}`;
  }
}
