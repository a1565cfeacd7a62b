import { type Filter, matchAll, negationOf } from './filter.ts';

/** Conditions that must all hold; each is a leaf of a filter or the negation of one. */
export type Conjunction = readonly Filter[];

const conjunctionsMax = 16;

/** Writes a filter as conjunctions of which one must hold; as one of the filter itself where there would be too many. */
export function conjunctionsOf(filter: Filter): readonly Conjunction[] {
  return expand(filter, false) ?? [[filter]];
}

function expand(filter: Filter, isNegated: boolean): readonly Conjunction[] | undefined {
  switch (filter.kind) {
    case 'all':
      return isNegated ? [] : [[]];
    case 'not':
      return expand(filter.filter, !isNegated);
    case 'and':
    case 'or': {
      const isProduct = (filter.kind === 'and') !== isNegated;
      const parts = filter.filters.map((part) => expand(part, isNegated));
      return isProduct ? productOf(parts) : sumOf(parts);
    }
    default:
      return [[isNegated ? negationOf(filter) : filter]];
  }
}

type Parts = readonly (readonly Conjunction[] | undefined)[];

function sumOf(parts: Parts): readonly Conjunction[] | undefined {
  const sum: Conjunction[] = [];
  for (const part of parts) {
    if (!part) return undefined;
    sum.push(...part);
  }
  return sum.length > conjunctionsMax ? undefined : sum;
}

function productOf(parts: Parts): readonly Conjunction[] | undefined {
  let product: readonly Conjunction[] = [[]];
  for (const part of parts) {
    if (!part || product.length * part.length > conjunctionsMax) return undefined;
    product = product.flatMap((left) => part.map((right) => [...left, ...right]));
  }
  return product;
}

/** The filter that says what a conjunction does. */
export function filterOf(conditions: Conjunction): Filter {
  const [first = matchAll] = conditions;
  return conditions.length < 2 ? first : { kind: 'and', filters: conditions };
}
