/** Who is meant by a press on a row: nobody sees that rows have moved and presses elsewhere in less than this. In milliseconds. */
export const reactionMs = 300;

/** Which person is drawn at which place of the list. */
export type Drawn = ReadonlyMap<number, string>;

/** Remembers for a moment who stood where before rows moved under a pointer that rests. Times are those of `performance.now()`. */
export interface Aim {
  /** To be told after each drawing. */
  drawn(rows: Drawn, at: number): void;
  /** The pointer has moved: it points at what is drawn now. */
  pointed(): void;
  /** Who is meant by a press on a place. */
  meantAt(index: number, at: number): string | undefined;
}

export function createAim(): Aim {
  let rows: Drawn = new Map();
  let past: readonly { readonly until: number; readonly rows: Drawn }[] = [];

  return {
    drawn(next, at) {
      const hasMoved = [...next].some(([index, id]) => (rows.get(index) ?? id) !== id);
      if (hasMoved) past = [...past.filter(({ until }) => at - until < reactionMs), { until: at, rows }];
      rows = next;
    },
    pointed() {
      past = [];
    },
    meantAt(index, at) {
      return past.find(({ until }) => at - until < reactionMs)?.rows.get(index) ?? rows.get(index);
    },
  };
}
