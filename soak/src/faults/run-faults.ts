import { setTimeout as wait } from 'node:timers/promises';
import { now } from '../recorder.ts';
import type { Fault, FaultParts } from './fault.ts';

/** Does one thing after another until the signal aborts. Which, when and to whom is the seed's choice. Returns what was done, by name. */
export async function runFaults(
  faults: readonly Fault[],
  gapMs: { readonly least: number; readonly most: number },
  parts: FaultParts,
): Promise<ReadonlyMap<Fault, number>> {
  const done = new Map<Fault, number>();
  const total = faults.reduce((sum, { weight }) => sum + weight, 0);
  while (!parts.signal.aborted) {
    const gap = gapMs.least + parts.random.below(gapMs.most - gapMs.least);
    let at = parts.random.below(total);
    const fault = faults.find(({ weight }) => {
      at -= weight;
      return at < 0;
    });
    await wait(gap, undefined, { signal: parts.signal }).catch(() => undefined);
    if (!fault || parts.signal.aborted) break;
    parts.say(fault.name);
    parts.recorder.add({ kind: 'fault', at: now(), name: fault.name });
    await fault.run(parts).then(
      () => done.set(fault, (done.get(fault) ?? 0) + 1),
      // The store, through which some faults are done, may be down by another one.
      (error: unknown) => parts.say(`${fault.name}: ${error}`),
    );
  }
  return done;
}
