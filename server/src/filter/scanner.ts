import { type Span, UnexpectedText } from './filter-mistake.ts';

/** A literal: its text, and its parts between the wildcards that were not escaped. */
export interface Literal extends Span {
  readonly text: string;
  readonly parts: readonly string[];
  readonly quoted: boolean;
}

export const comparators = ['<=', '>=', '!=', '<', '>', '=', ':'] as const;

export type Comparator = (typeof comparators)[number];

/** Reads the lexical parts of a filter; the position is its only state. */
export interface Scanner {
  position: number;
  readonly text: string;
}

const space = /\s*/y;
const word = /(?:[^\s()<>=:!]|!(?!=))+/y;
const memberHead = /[a-z_]+\.(?=["'`])/iy;
const keyword = /(?:and|or|not)(?=[\s()]|$)/iy;
const value = /(?:[^\s()<>=!]|!(?!=))+/y;

export function skipSpace(scanner: Scanner): void {
  take(scanner, space);
}

export function atEnd(scanner: Scanner): boolean {
  return scanner.position >= scanner.text.length;
}

export function peek(scanner: Scanner): string {
  return scanner.text.charAt(scanner.position);
}

/** Takes a word, up to a space, a parenthesis or a comparator; undefined where none starts. */
export function takeWord(scanner: Scanner): Literal | undefined {
  return literal(scanner, take(scanner, word));
}

/** Takes an unquoted value, which unlike a word may hold colons, as times do. */
export function takeValue(scanner: Scanner): Literal | undefined {
  return literal(scanner, take(scanner, value));
}

/** Takes `metadata.` before a quoted key; undefined where no such thing starts. */
export function takeMemberHead(scanner: Scanner): Literal | undefined {
  return literal(scanner, take(scanner, memberHead));
}

/**
 * Takes an operator word, if it stands next.
 *
 * AIP-160 knows them in capitals only. In other letters they are operators where one can stand, and else words to search for: `Ann or` finds both words.
 */
export function takeKeyword(scanner: Scanner, name: 'AND' | 'OR' | 'NOT'): boolean {
  const start = scanner.position;
  skipSpace(scanner);
  const text = take(scanner, keyword);
  if (text === name || (text.toUpperCase() === name && operandFollows(scanner))) return true;
  scanner.position = start;
  return false;
}

/** True where a comparison, a word or a parenthesis comes next. */
export function operandFollows({ text, position }: Scanner): boolean {
  const rest = text.slice(position).trimStart();
  return rest !== '' && !/^(?:[)=<>:]|!=)/.test(rest);
}

/** Takes the minus of `-term`; a lone one is a word. */
export function takeMinus(scanner: Scanner): boolean {
  const found = /^-[^\s)]/.test(scanner.text.slice(scanner.position, scanner.position + 2));
  if (found) scanner.position += 1;
  return found;
}

export function takeComparator(scanner: Scanner): (Span & { readonly comparator: Comparator }) | undefined {
  const start = scanner.position;
  const comparator = comparators.find((name) => scanner.text.startsWith(name, start));
  if (!comparator) return undefined;
  scanner.position += comparator.length;
  return { comparator, start, end: scanner.position };
}

/** Takes a text in single or double quotes; undefined where none starts. A backslash escapes quotes, itself and `*`. */
export function takeString(scanner: Scanner): Literal | undefined {
  const start = scanner.position;
  const quote = peek(scanner);
  if (quote !== '"' && quote !== "'") return undefined;
  const parts = [''];
  const append = (text: string) => parts.push((parts.pop() ?? '') + text);
  for (let at = start + 1; at < scanner.text.length; at += 1) {
    const unit = scanner.text.charAt(at);
    if (unit === quote) {
      scanner.position = at + 1;
      return { start, end: scanner.position, text: parts.join('*'), parts, quoted: true };
    }
    if (unit === '*') parts.push('');
    else if (unit === '\\') {
      at += 1;
      append(escaped(scanner, at));
    } else append(unit);
  }
  throw new UnexpectedText({ start, end: scanner.text.length }, `a closing ${quote}`);
}

function escaped(scanner: Scanner, at: number): string {
  const unit = scanner.text.charAt(at);
  if (unit !== '' && '\\"\'*'.includes(unit)) return unit;
  throw new UnexpectedText(
    { start: at - 1, end: Math.min(at + 1, scanner.text.length) },
    'a second backslash, or a quote or an asterisk after it',
  );
}

/** Takes a text in backticks, as AIP-161 writes map keys; two backticks inside are one. Undefined where none starts. */
export function takeBackticked(scanner: Scanner): Literal | undefined {
  const start = scanner.position;
  if (peek(scanner) !== '`') return undefined;
  const match = take(scanner, /`(?:[^`]|``)*`/y);
  if (match === '') throw new UnexpectedText({ start, end: scanner.text.length }, 'a closing `');
  const text = match.slice(1, -1).replaceAll('``', '`');
  return { start, end: scanner.position, text, parts: [text], quoted: true };
}

function literal(scanner: Scanner, text: string): Literal | undefined {
  if (text === '') return undefined;
  return { start: scanner.position - text.length, end: scanner.position, text, parts: text.split('*'), quoted: false };
}

function take(scanner: Scanner, pattern: RegExp): string {
  pattern.lastIndex = scanner.position;
  const match = pattern.exec(scanner.text)?.[0] ?? '';
  scanner.position += match.length;
  return match;
}
