import type { Case, Violation } from '../promise.ts';
import { tableFaults } from './table-faults.ts';

/** No committed change that matters to a list is missed, whatever commits in which order, on every server. */
export function* judgeReliable({ history, witnesses }: Case): Iterable<Violation> {
  const ofStore = (evidence: string): Violation => ({ promise: 'reliable', where: 'the store', at: 0, evidence });
  for (const change of history.unplaced)
    yield ofStore(`revision ${change.revision} of ${change.userId} was committed and never got a place in the feed`);
  for (const [index, { seq }] of history.feed.entries()) {
    const before = history.feed[index - 1]?.seq ?? 0;
    if (seq !== before + 1) yield ofStore(`the feed has a gap between ${before} and ${seq}`);
  }
  for (const witness of witnesses) {
    for (const { at, evidence, isAfterResume } of tableFaults(witness, history))
      if (!isAfterResume) yield { promise: 'reliable', where: witness.subscriber, at, evidence };
  }
}
