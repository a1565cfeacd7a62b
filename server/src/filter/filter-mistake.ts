import { lengthOf } from '@roster/proto/limits';

/** A mistake in the text of a filter. It never repeats what the user wrote, because statuses travel outside `-bin` headers too. */
export interface FilterMistake {
  readonly ok: false;
  /** 1-based, in code points. One past the end where something is missing there. */
  readonly column: number;
  /** How many code points are at fault; 0 where something is missing. */
  readonly length: number;
  /** What should stand there, as a phrase: `a role, ADMIN, EDITOR or VIEWER`. */
  readonly expected: string;
  /** The whole sentence: `Column 8: expected a role, ADMIN, EDITOR or VIEWER.` */
  readonly message: string;
}

/** A stretch of the filter's text, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Leaves the parser; `parseFilter` catches it and nothing else sees it. */
export class UnexpectedText extends Error {
  override readonly name = 'UnexpectedText';
  readonly span: Span;
  readonly expected: string;

  constructor(span: Span, expected: string) {
    super(`expected ${expected}`);
    this.span = span;
    this.expected = expected;
  }
}

export function mistakeOf(text: string, { span, expected }: UnexpectedText): FilterMistake {
  const column = columnOf(text, span.start);
  const length = columnOf(text, span.end) - column;
  return { ok: false, column, length, expected, message: `Column ${column}: expected ${expected}.` };
}

/** The column of a place that is given in UTF-16 units. */
export function columnOf(text: string, position: number): number {
  return lengthOf(text.slice(0, position)) + 1;
}
