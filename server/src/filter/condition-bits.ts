import type { Conjunction } from './conjunctions.ts';
import type { Filter, OrderOperator } from './filter.ts';
import { isExact } from './pattern.ts';
import { everSpan, type TimeSpan } from './time-buckets.ts';

/** What bitmaps can say of a conjunction; `rest` is what only a comparison can. */
export interface ConditionBits {
  /** The kinds of users (`kindOf`) that can match. */
  readonly kinds: readonly number[];
  readonly created: TimeSpan;
  readonly updated: TimeSpan;
  readonly tag: string | undefined;
  readonly notTag: string | undefined;
  readonly rest: Conjunction;
}

export const kindCount = 24;

/** Numbers users by role, state and whether they are deleted; undefined for a role or state that the bitmaps do not know. */
export function kindOf(role: number, state: number, isDeleted: boolean): number | undefined {
  return role > 3 || state > 2 ? undefined : role * 6 + state * 2 + Number(isDeleted);
}

const roleOfKind = (kind: number) => Math.floor(kind / 6);
const stateOfKind = (kind: number) => Math.floor(kind / 2) % 3;
const isDeletedKind = (kind: number) => kind % 2 === 1;

export function conditionBits(conditions: Conjunction): ConditionBits {
  let kinds = Array.from({ length: kindCount }, (_, kind) => kind);
  const spans = { created_at: everSpan, updated_at: everSpan };
  let tag: string | undefined;
  let notTag: string | undefined;
  const rest: Filter[] = [];
  for (const condition of conditions) {
    const isNegated = condition.kind === 'not';
    const leaf = isNegated ? condition.filter : condition;
    const holds = kindTest(leaf);
    if (holds) kinds = kinds.filter((kind) => holds(kind) !== isNegated);
    else if (leaf.kind === 'time' && leaf.field !== 'deleted_at' && !(isNegated && leaf.operator === '=')) {
      const operator = isNegated ? oppositeOf(leaf.operator) : leaf.operator;
      spans[leaf.field] = meet(spans[leaf.field], spanOf(operator, leaf.epochMs));
    } else if (isNegated && notTag === undefined) {
      notTag = exactTag(leaf);
      if (notTag === undefined) rest.push(condition);
    } else if (!isNegated && tag === undefined) {
      tag = exactTag(leaf);
      if (tag === undefined) rest.push(condition);
    } else rest.push(condition);
  }
  return { kinds, created: spans.created_at, updated: spans.updated_at, tag, notTag, rest };
}

function kindTest(leaf: Filter): ((kind: number) => boolean) | undefined {
  switch (leaf.kind) {
    case 'role':
      return (kind) => roleOfKind(kind) === leaf.role;
    case 'state':
      return (kind) => stateOfKind(kind) === leaf.state;
    case 'deleted':
      return isDeletedKind;
    default:
      return undefined;
  }
}

function exactTag(leaf: Filter): string | undefined {
  return leaf.kind === 'element' && leaf.of === 'tags' && isExact(leaf.pattern) ? leaf.pattern[0] : undefined;
}

function oppositeOf(operator: '=' | OrderOperator): '=' | OrderOperator {
  switch (operator) {
    case '<':
      return '>=';
    case '<=':
      return '>';
    case '>':
      return '<=';
    case '>=':
      return '<';
    case '=':
      return '=';
  }
}

function spanOf(operator: '=' | OrderOperator, ms: number): TimeSpan {
  switch (operator) {
    case '=':
      return { from: ms, to: ms };
    case '<':
      return { from: everSpan.from, to: ms - 1 };
    case '<=':
      return { from: everSpan.from, to: ms };
    case '>':
      return { from: ms + 1, to: everSpan.to };
    case '>=':
      return { from: ms, to: everSpan.to };
  }
}

function meet(a: TimeSpan, b: TimeSpan): TimeSpan {
  return { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
}
