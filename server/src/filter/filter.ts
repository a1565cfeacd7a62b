import type { UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import type { AddressLine } from '@roster/proto/mask-paths';
import type { Pattern } from './pattern.ts';

export type OrderOperator = '<' | '<=' | '>' | '>=';

/** A text of a user. Names, emails and ids are compared folded; address lines and metadata exactly as they stand. */
export type TextField =
  | { readonly field: 'id' | 'name' | 'email' }
  | { readonly field: 'address'; readonly line: AddressLine }
  | { readonly field: 'metadata'; readonly key: string };

export type TimeField = 'created_at' | 'updated_at' | 'deleted_at';

/**
 * What a filter says, ready to be compiled: every value is typed, and folded where its field is.
 *
 * There is no node for `!=`; it is the negation of `=`, and so true where the value is absent (AIP-160).
 */
export type Filter =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly filters: readonly Filter[] }
  | { readonly kind: 'not'; readonly filter: Filter }
  | { readonly kind: 'search'; readonly pattern: Pattern }
  | { readonly kind: 'text'; readonly text: TextField; readonly pattern: Pattern }
  | {
      readonly kind: 'text-order';
      readonly text: TextField;
      readonly operator: OrderOperator;
      readonly value: string;
    }
  | { readonly kind: 'role'; readonly role: UserRole }
  | { readonly kind: 'state'; readonly state: UserState }
  | {
      readonly kind: 'time';
      readonly field: TimeField;
      readonly operator: '=' | OrderOperator;
      readonly epochMs: number;
    }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'revision'; readonly operator: '=' | OrderOperator; readonly revision: number }
  /** Some tag, or some key of the metadata, fits the pattern. */
  | { readonly kind: 'element'; readonly of: 'tags' | 'metadata'; readonly pattern: Pattern };

export const matchAll: Filter = { kind: 'all' };

export function allOf(filters: readonly Filter[]): Filter {
  const flat = filters.flatMap((filter) => (filter.kind === 'and' ? filter.filters : [filter]));
  const narrowing = flat.filter(({ kind }) => kind !== 'all');
  const [first = matchAll] = narrowing;
  return narrowing.length < 2 ? first : { kind: 'and', filters: narrowing };
}

export function anyOf(filters: readonly Filter[]): Filter {
  const flat = filters.flatMap((filter) => (filter.kind === 'or' ? filter.filters : [filter]));
  const [first = matchAll] = flat;
  return flat.length < 2 ? first : { kind: 'or', filters: flat };
}

export function negationOf(filter: Filter): Filter {
  return filter.kind === 'not' ? filter.filter : { kind: 'not', filter };
}
