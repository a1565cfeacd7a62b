import type { AppError, TextPlace } from '../../../rpc/app-error.ts';

/** What the server says about a filter, and where the mistake stands, where it tells that. */
export interface FilterError {
  readonly message: string;
  readonly place: TextPlace | undefined;
}

/** The mistake in the filter, where a failure is about that. */
export function filterErrorOf(error: AppError | undefined): FilterError | undefined {
  if (error?.kind !== 'invalid') return undefined;
  const field = error.fields.find((candidate) => candidate.field === 'filter');
  return field && { message: field.message, place: error.place };
}

/** A stretch of an input's text, in the UTF-16 units in which browsers count. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Finds a place of the filter in the text that was typed, which may have spaces before it; at least one character, so that there is something to mark. */
export function spanIn(typed: string, { column, length }: TextPlace): Span {
  const filter = typed.trimStart();
  const characters = [...filter];
  const unitsOf = (count: number) => characters.slice(0, count).join('').length;
  const before = typed.length - filter.length;
  return { start: before + unitsOf(column - 1), end: before + unitsOf(column - 1 + Math.max(length, 1)) };
}
