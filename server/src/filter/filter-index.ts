import { createBitmapIndex } from './bitmap-index.ts';
import { conditionBits } from './condition-bits.ts';
import { type Conjunction, conjunctionsOf, filterOf } from './conjunctions.ts';
import type { Filter } from './filter.ts';
import { type SubjectPredicate, subjectPredicate } from './filter-predicate.ts';
import type { FilterSubject } from './filter-subject.ts';
import { createTextIndex } from './text-index.ts';

/**
 * Many filters, asked at once which of them a user matches: some microseconds instead of a comparison for each.
 *
 * A filter is split at its ORs. A part that asks for a text lies under three letters of it, or under its metadata entry; all others are bits in bitmaps by
 * role, state, time and tag, and what bitmaps cannot say is compared for the few that are left.
 */
export interface FilterIndex<T> {
  /** Returns what takes the filter out again. */
  add(filter: Filter, entry: T): () => void;
  /** Calls back for each entry whose filter the user matches, once. */
  match(subject: FilterSubject, found: (entry: T) => void): void;
  readonly size: number;
}

/** A part of a filter, and what must be compared once it has been found. */
export interface IndexedPart<T> {
  readonly owner: { readonly entry: T; foundAt: number };
  readonly matches: SubjectPredicate;
  /** True if the bitmaps may have said all. */
  readonly isPlain: boolean;
}

export function createFilterIndex<T>(): FilterIndex<T> {
  const bitmaps = createBitmapIndex<IndexedPart<T>>();
  const texts = createTextIndex<IndexedPart<T>>();
  let size = 0;
  let round = 0;

  function place(owner: IndexedPart<T>['owner'], conditions: Conjunction): () => void {
    const whole = { owner, matches: subjectPredicate(filterOf(conditions)), isPlain: false };
    const removeText = texts.add(conditions, whole);
    if (removeText) return removeText;
    const bits = conditionBits(conditions);
    return bitmaps.add(bits, bits.rest.length === 0 ? { ...whole, isPlain: true } : whole);
  }

  return {
    add(filter, entry) {
      const owner = { entry, foundAt: 0 };
      const removals = conjunctionsOf(filter).map((conditions) => place(owner, conditions));
      size += 1;
      return () => {
        size -= 1;
        for (const remove of removals) remove();
      };
    },
    match(subject, found) {
      round += 1;
      const now = round;
      const judge = ({ owner, matches }: IndexedPart<T>, isSure: boolean) => {
        if (owner.foundAt === now || !(isSure || matches(subject))) return;
        owner.foundAt = now;
        found(owner.entry);
      };
      bitmaps.match(subject, (part, isSure) => judge(part, isSure && part.isPlain));
      texts.match(subject, (part) => judge(part, false));
    },
    get size() {
      return size;
    },
  };
}
