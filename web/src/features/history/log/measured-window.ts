/** The places of slots of different heights, one below the other. */
export interface Places {
  /** Where each slot begins, and at the end where the last one ends. */
  readonly offsets: readonly number[];
}

export function placeSlots(heights: readonly number[]): Places {
  const offsets = [0];
  let sum = 0;
  for (const height of heights) {
    sum += height;
    offsets.push(sum);
  }
  return { offsets };
}

export interface SlotWindow {
  /** `last` is excluded. */
  readonly first: number;
  readonly last: number;
  /** How high what lies above and below is. */
  readonly above: number;
  readonly below: number;
}

/** The slots that a view shows, with some around them so that scrolling finds them drawn. */
export function windowOf({ offsets }: Places, top: number, height: number, around: number): SlotWindow {
  const count = offsets.length - 1;
  const first = Math.min(Math.max(0, slotAt(offsets, top - around)), Math.max(0, count - 1));
  const last = Math.min(count, slotAt(offsets, top + height + around) + 1);
  const total = offsets[count] ?? 0;
  return { first, last, above: offsets[first] ?? 0, below: total - (offsets[last] ?? total) };
}

/** The slot that a height lies in. */
export function slotAt(offsets: readonly number[], y: number): number {
  let low = 0;
  let high = offsets.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}
