import { comparePlaces, type Order } from '@roster/proto/order';
import type { Place } from './page-token.ts';

/** What a change does to a list: where a row was taken from, where one was put. */
export interface Effect {
  readonly left: Place | undefined;
  readonly entered: Place | undefined;
}

/** Where the row of a rank is found. */
export type Spot =
  | { readonly kind: 'ids'; readonly ids: readonly string[]; readonly hasMore: boolean }
  /** `offset` rows after the pivot, which counts as the first; without one, after the beginning of the list. */
  | { readonly kind: 'pivot'; readonly pivot: Place | undefined; readonly offset: number }
  | { readonly kind: 'end' };

/** A spot, and the position of the feed that it belongs to. */
export interface Guess {
  readonly spot: Spot;
  readonly seq: number;
}

/** Knows the rank of every row of one list, or of some rows and how many lie between. */
export interface RankIndex {
  move(effect: Effect): void;
  /** The spot of a rank once `effects`, which the index has not been told of, are applied too; undefined where they contradict it. */
  spotOf(rank: number, pageSize: number, effects: readonly Effect[]): Spot | undefined;
  readonly size: number;
  /** How many places it keeps in memory. */
  readonly weight: number;
  /** It contradicts the changes, or its jumps have become long: build it anew. */
  readonly isWorn: boolean;
}

export function reversed(effect: Effect): Effect {
  return { left: effect.entered, entered: effect.left };
}

/**
 * Keeps every so-manieth place and the number of rows from each to the next. The places need not be rows any more: only the order of rows around them counts.
 * The first bucket is open below, so that the first pivot stands for the beginning of the list.
 */
export function createPivots(
  order: Order,
  pivots: readonly Place[],
  rows: readonly number[],
  walkMax: number,
): RankIndex {
  const counts = [...rows];
  const bucketOf = (place: Place) => Math.max(0, upperBound(order, pivots, place) - 1);
  const shift = (target: number[], { left, entered }: Effect) => {
    if (left) bump(target, bucketOf(left), -1);
    if (entered) bump(target, bucketOf(entered), 1);
  };
  return {
    move: (effect) => shift(counts, effect),
    spotOf(rank, _pageSize, effects) {
      const corrected = effects.length === 0 ? counts : [...counts];
      for (const effect of effects) shift(corrected, effect);
      let before = 0;
      for (const [bucket, count] of corrected.entries()) {
        if (rank < before + count) {
          return { kind: 'pivot', pivot: bucket === 0 ? undefined : pivots[bucket], offset: rank - before };
        }
        before += count;
      }
      return { kind: 'end' };
    },
    get size() {
      return counts.reduce((sum, count) => sum + count, 0);
    },
    weight: pivots.length,
    get isWorn() {
      return counts.some((count) => count < 0 || count > walkMax);
    },
  };
}

/** Keeps all places of a list: where a filter is sparse, a walk between two pivots would cross most of the table. */
export function createHeldPlaces(order: Order, rows: readonly Place[], sizeMax: number): RankIndex {
  const places = [...rows];
  let isTorn = false;
  /** Says whether the effect fits what is held. */
  const move = (target: Place[], { left, entered }: Effect): boolean => {
    const at = left ? upperBound(order, target, left) - 1 : 0;
    if (left && target[at]?.id !== left.id) return false;
    if (left) target.splice(at, 1);
    if (entered) target.splice(upperBound(order, target, entered), 0, entered);
    return true;
  };
  return {
    move(effect) {
      isTorn = !move(places, effect) || isTorn;
    },
    spotOf(rank, pageSize, effects) {
      const corrected = effects.length === 0 ? places : [...places];
      for (const effect of effects) isTorn = !move(corrected, effect) || isTorn;
      if (isTorn) return undefined;
      if (rank >= corrected.length) return { kind: 'end' };
      const ids = corrected.slice(rank, rank + pageSize).map(({ id }) => id);
      return { kind: 'ids', ids, hasMore: rank + pageSize < corrected.length };
    },
    get size() {
      return places.length;
    },
    get weight() {
      return places.length;
    },
    get isWorn() {
      return isTorn || places.length > sizeMax;
    },
  };
}

/** The number of places that are not after `place`. */
function upperBound(order: Order, places: readonly Place[], place: Place): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = places[middle];
    if (at && comparePlaces(order, at, place) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function bump(counts: number[], bucket: number, by: number): void {
  counts[bucket] = (counts[bucket] ?? 0) + by;
}
