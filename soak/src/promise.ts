import type { WatchedList } from './filters.ts';
import type { History } from './history.ts';
import type { Recording, SubscriberEvent } from './recording.ts';

export const promiseNames = [
  'ordered',
  'unique',
  'reliable',
  'resumable',
  'bookmarkable',
  'bounded',
  'filter-true',
  'convergent',
  'ends when it must',
  'acknowledged',
  'never back in time',
] as const;

export type PromiseName = (typeof promiseNames)[number];

/** Where a promise was broken, with what shows it. */
export interface Violation {
  readonly promise: PromiseName;
  /** The subscriber or the request at which it was seen. */
  readonly where: string;
  readonly at: number;
  readonly evidence: string;
}

/** What one subscriber was told, with what the store says about it. */
export interface Witness {
  readonly subscriber: string;
  readonly list: WatchedList;
  readonly isSlow: boolean;
  readonly events: readonly SubscriberEvent[];
}

/** Everything that a promise is judged by. */
export interface Case {
  readonly recording: Recording;
  readonly history: History;
  readonly witnesses: readonly Witness[];
}

/** Judges one promise; what it returns was broken. */
export type Judge = (kase: Case) => Iterable<Violation>;
