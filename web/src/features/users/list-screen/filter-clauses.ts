/** The fields that have a chip, and the values it offers, by the names of the filter language. */
export const chipValues = { role: ['ADMIN', 'EDITOR', 'VIEWER'], state: ['ACTIVE', 'SUSPENDED'] } as const;

export type ChipField = keyof typeof chipValues;

/**
 * Splits a filter at its outermost ANDs.
 *
 * OR binds tighter than AND, so every part is a whole of its own that can be taken out. Text that does not parse is one part or more; the server says
 * what is wrong with it.
 */
export function splitFilter(filter: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  let quote = '';
  for (let i = 0; i < filter.length; i += 1) {
    const character = filter.charAt(i);
    if (quote) {
      if (character === '\\') i += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (depth === 0 && /^\sAND\s/.test(filter.slice(i, i + 5))) {
      parts.push(filter.slice(start, i).trim());
      start = i + 4;
      i += 3;
    }
  }
  parts.push(filter.slice(start).trim());
  return parts.filter((part) => part !== '');
}

/** A part that can be taken out of a filter, and the filter without it. */
export interface LiftablePart {
  readonly part: string;
  readonly rest: string;
}

/** The outermost parts of a filter, and the single words of one that only searches. */
export function liftableParts(filter: string): readonly LiftablePart[] {
  const parts = splitFilter(filter);
  return parts.flatMap((part, at) =>
    wordsOf(part).map((word, nth, words) => {
      const otherWords = words.toSpliced(nth, 1).join(' ');
      return { part: word, rest: parts.toSpliced(at, 1, ...(otherWords ? [otherWords] : [])).join(' AND ') };
    }),
  );
}

/** The words of a part that is nothing but words; any other part is one. */
function wordsOf(part: string): readonly string[] {
  const words = part.split(/\s+/u);
  const isSearch = words.every((word) => /^[\p{L}\p{M}\p{N}@._]+$/u.test(word) && !/^(and|or|not)$/iu.test(word));
  return isSearch ? words : [part];
}

/** The values that a filter asks of a field, as far as a chip can say them. */
export function readChip(filter: string, field: ChipField): readonly string[] {
  for (const part of splitFilter(filter)) {
    const values = valuesOf(part, field);
    if (values) return values;
  }
  return [];
}

/** Writes a chip's values into a filter, in the place of those before; none takes the part out. */
export function writeChip(filter: string, field: ChipField, values: readonly string[]): string {
  const clause = values.map((value) => `${field} = ${value}`).join(' OR ');
  const written = values.length > 1 ? `(${clause})` : clause;
  const parts = splitFilter(filter);
  const place = parts.findIndex((part) => valuesOf(part, field) !== undefined);
  const next = place < 0 ? [...parts, written] : parts.with(place, written);
  return next.filter((part) => part !== '').join(' AND ');
}

/** The values of a part that only compares the field with values it may have; undefined where it says anything else. */
function valuesOf(part: string, field: ChipField): readonly string[] | undefined {
  const inside = /^\((.*)\)$/s.exec(part)?.[1] ?? part;
  const values: string[] = [];
  for (const comparison of inside.split(/\sOR\s/)) {
    const match = /^\s*([a-z]+)\s*=\s*"?([A-Za-z_]+)"?\s*$/.exec(comparison);
    const value = chipValues[field].find((name) => name === match?.[2]?.toUpperCase());
    if (match?.[1] !== field || !value) return undefined;
    values.push(value);
  }
  return values;
}
