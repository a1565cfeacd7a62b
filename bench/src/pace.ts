/** How long a case measures. `--quick` is for trying a case out: its figures say little. */
export interface Pace {
  readonly rounds: number;
  /** So many seconds, or fewer where it must be quick. */
  seconds(full: number): number;
}

export const fullPace: Pace = { rounds: 3, seconds: (full) => full };
export const quickPace: Pace = { rounds: 1, seconds: (full) => Math.ceil(full / 5) };
