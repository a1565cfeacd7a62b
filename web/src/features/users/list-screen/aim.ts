/** Who is meant by a press on a row: nobody sees that rows have moved and presses elsewhere in less than this. In milliseconds. */
export const reactionMs = 300;

/** A hand that presses moves the pointer by so much, in CSS pixels. */
const tremblePx = 4;

/** Where the pointer is. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Which person is drawn at which place of the list. */
export type Drawn = ReadonlyMap<number, string>;

/** Remembers for a moment who stood where before rows moved under a pointer that rests. Times are those of `performance.now()`. */
export interface Aim {
  /** To be told after each drawing. */
  drawn(rows: Drawn, at: number): void;
  /** The pointer has moved; further than a hand trembles it points at what is drawn now. */
  pointed(to: Point): void;
  /** What was drawn before has nothing to do with what is drawn now. */
  forget(): void;
  /** Who is meant by a press on a place. */
  meantAt(index: number, at: number): string | undefined;
}

export function createAim(): Aim {
  let rows: Drawn = new Map();
  let pointer: Point | undefined;
  /** Where the pointer rested when rows moved. */
  let rest: Point | undefined;
  let past: readonly { readonly until: number; readonly rows: Drawn }[] = [];

  return {
    drawn(next, at) {
      const hasMoved = [...next].some(([index, id]) => (rows.get(index) ?? id) !== id);
      if (hasMoved) {
        past = [...past.filter(({ until }) => at - until < reactionMs), { until: at, rows }];
        rest = pointer;
      }
      rows = next;
    },
    pointed(to) {
      pointer = to;
      if (!rest || Math.hypot(to.x - rest.x, to.y - rest.y) > tremblePx) past = [];
    },
    forget() {
      past = [];
    },
    meantAt(index, at) {
      const before = past.find(({ until, rows: drawn }) => at - until < reactionMs && drawn.has(index));
      return (before?.rows ?? rows).get(index);
    },
  };
}
