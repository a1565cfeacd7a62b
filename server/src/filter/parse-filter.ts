import { foldKey } from '@roster/proto/fold';
import { lengthOf, limits } from '@roster/proto/limits';
import { comparisonOf } from './comparison.ts';
import { comparatorsOf, type Field, fieldOf, listed, type Member } from './field.ts';
import { allOf, anyOf, type Filter, matchAll, negationOf } from './filter.ts';
import { columnOf, type FilterMistake, mistakeOf, type Span, UnexpectedText } from './filter-mistake.ts';
import { containing } from './pattern.ts';
import {
  atEnd,
  type Comparator,
  type Literal,
  operandFollows,
  peek,
  type Scanner,
  skipSpace,
  takeBackticked,
  takeComparator,
  takeKeyword,
  takeMemberHead,
  takeMinus,
  takeString,
  takeValue,
  takeWord,
} from './scanner.ts';

export type FilterResult = { readonly ok: true; readonly filter: Filter } | FilterMistake;

/** Reads a filter: AIP-160's grammar without functions. An empty text matches all. */
export function parseFilter(text: string): FilterResult {
  try {
    refuseUnreadable(text);
    const scanner: Parser = { text, position: 0, terms: 0 };
    skipSpace(scanner);
    if (atEnd(scanner)) return { ok: true, filter: matchAll };
    const filter = conjunction(scanner, 0, restriction);
    if (!atEnd(scanner)) throw unexpected(scanner, 'the end, since this parenthesis closes none');
    return { ok: true, filter };
  } catch (error) {
    if (error instanceof UnexpectedText) return mistakeOf(text, error);
    throw error;
  }
}

interface Parser extends Scanner {
  terms: number;
}

/** Reads what stands between operators: a restriction, or inside `role = (…)` a value. */
type Leaf = (parser: Parser, depth: number) => Filter;

const operand = 'a comparison or a word';

function refuseUnreadable(text: string): void {
  const bad = /\0|\p{Surrogate}/u.exec(text);
  if (bad) throw new UnexpectedText({ start: bad.index, end: bad.index + 1 }, 'a readable character');
  if (lengthOf(text) <= limits.filterLength) return;
  const start = [...text].slice(0, limits.filterLength).join('').length;
  throw new UnexpectedText({ start, end: text.length }, `at most ${limits.filterLength} characters`);
}

/** Alternatives joined by AND or by nothing; ends before `)` or at the end. */
function conjunction(parser: Parser, depth: number, leaf: Leaf): Filter {
  const filters = [disjunction(parser, depth, leaf)];
  for (skipSpace(parser); !atEnd(parser) && peek(parser) !== ')'; skipSpace(parser)) {
    takeKeyword(parser, 'AND');
    filters.push(disjunction(parser, depth, leaf));
  }
  return allOf(filters);
}

/** Terms joined by OR, which binds tighter than AND. */
function disjunction(parser: Parser, depth: number, leaf: Leaf): Filter {
  const filters = [term(parser, depth, leaf)];
  while (takeKeyword(parser, 'OR')) filters.push(term(parser, depth, leaf));
  return anyOf(filters);
}

function term(parser: Parser, depth: number, leaf: Leaf): Filter {
  skipSpace(parser);
  const start = parser.position;
  if (takeKeyword(parser, 'NOT') || takeMinus(parser)) {
    count(parser, { start, end: parser.position });
    return negationOf(term(parser, deeper({ start, end: parser.position }, depth), leaf));
  }
  if (peek(parser) !== '(') return leaf(parser, depth);
  parser.position += 1;
  const filter = conjunction(parser, deeper({ start, end: parser.position }, depth), leaf);
  if (peek(parser) !== ')')
    throw unexpected(parser, `a closing parenthesis for the one in column ${columnOf(parser.text, start)}`);
  parser.position += 1;
  return filter;
}

function restriction(parser: Parser, depth: number): Filter {
  const literal = takeString(parser);
  if (literal) {
    if (nextComparator(parser)) throw new UnexpectedText(literal, 'a field name without quotes');
    return search(parser, literal);
  }
  const member = takeMember(parser);
  const found = nextComparator(parser);
  if (!found) {
    if (member.key) throw unexpected(parser, 'a comparator after the metadata key');
    if (peek(parser) === '(' && parser.position === member.name.end) {
      throw unexpected(parser, 'a space before the parenthesis, since there are no functions');
    }
    return search(parser, member.name);
  }
  const field = fieldOf(member);
  const allowed = comparatorsOf(field);
  if (!allowed.includes(found.comparator)) throw new UnexpectedText(found, `${listed(allowed, 'or')} after this field`);
  return argument(parser, depth, field, found.comparator);
}

/** The right side of a comparator: one value, or values joined by operators in parentheses. */
function argument(parser: Parser, depth: number, field: Field, comparator: Comparator): Filter {
  const positive = comparator === '!=' ? '=' : comparator;
  const leaf: Leaf = (inner) => {
    const value = takeString(inner) ?? takePlainValue(inner);
    count(inner, value);
    return comparisonOf(field, positive, value);
  };
  skipSpace(parser);
  const filter = peek(parser) === '(' ? term(parser, depth, leaf) : leaf(parser, depth);
  return comparator === '!=' ? negationOf(filter) : filter;
}

function takeMember(parser: Parser): Member {
  const head = takeMemberHead(parser);
  if (head) return { name: head, key: takeBackticked(parser) ?? takeString(parser) };
  const name = takeWord(parser);
  if (!name) throw unexpected(parser, operand);
  if (name.text === 'AND' || name.text === 'OR') throw new UnexpectedText(name, `${operand} before ${name.text}`);
  return { name, key: undefined };
}

/** Takes a value without quotes. `address.state = OR` is Oregon; `name = AND role = ADMIN` misses a value. */
function takePlainValue(parser: Parser): Literal {
  const value = takeValue(parser);
  if (!value) throw unexpected(parser, 'a value');
  const isOperator = /^(?:AND|OR|NOT)$/.test(value.text) && operandFollows(parser) && !nextIsOperator(parser);
  if (isOperator) throw new UnexpectedText(value, `a value before ${value.text}`);
  return value;
}

function nextIsOperator(parser: Parser): boolean {
  return /^\s*(?:AND|OR|NOT)(?:[\s()]|$)/.test(parser.text.slice(parser.position));
}

function nextComparator(parser: Parser): ReturnType<typeof takeComparator> {
  const start = parser.position;
  skipSpace(parser);
  const found = takeComparator(parser);
  if (!found) parser.position = start;
  return found;
}

function search(parser: Parser, literal: Literal): Filter {
  count(parser, literal);
  return { kind: 'search', pattern: containing(literal.parts.map(foldKey)) };
}

function count(parser: Parser, span: Span): void {
  parser.terms += 1;
  if (parser.terms > limits.filterTerms) {
    throw new UnexpectedText(span, `at most ${limits.filterTerms} comparisons, words and negations`);
  }
}

function deeper(span: Span, depth: number): number {
  if (depth < limits.filterDepth) return depth + 1;
  throw new UnexpectedText(span, `at most ${limits.filterDepth} levels of parentheses and negations`);
}

/** Says what is missing at the position; where something else stands there, that is at fault. */
function unexpected(parser: Parser, expected: string): UnexpectedText {
  const start = parser.position;
  const found = String.fromCodePoint(parser.text.codePointAt(start) ?? 0);
  return new UnexpectedText({ start, end: start + (atEnd(parser) ? 0 : found.length) }, expected);
}
