import type { Random } from '@roster/server/seed/random';
import type { Stack } from '@roster/stack/stack';
import type { CuttingProxy } from '../cutting-proxy.ts';
import type { Recorder } from '../recorder.ts';
import type { StoreTruth } from '../store-truth.ts';
import type { Subscriber } from '../subscriber.ts';
import type { Writers } from '../writers.ts';

export interface FaultParts {
  readonly stack: Stack;
  readonly truth: StoreTruth;
  readonly wires: readonly CuttingProxy[];
  readonly subscribers: readonly Subscriber[];
  readonly writers: Writers;
  readonly recorder: Recorder;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Something bad that can be done to a running Roster. It is over when the promise settles; what was taken away has been given back by then. */
export interface Fault {
  readonly name: string;
  /** How often it comes, beside the others of its lane. */
  readonly weight: number;
  readonly isKill: boolean;
  run(parts: FaultParts): Promise<void>;
}
